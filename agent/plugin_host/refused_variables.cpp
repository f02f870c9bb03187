// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/refused_variables.hpp"

#include <algorithm>
#include <array>

namespace ostler::plugin_host {
namespace {

constexpr std::string_view kLoaderObeys = "the loader of every later program obeys it";
constexpr std::string_view kShells = "the shells of later phases obey it";
constexpr std::string_view kCodeLoads = "later programs load code by it";
constexpr std::string_view kGitTools = "git and its helpers run programs by it";
constexpr std::string_view kTraffic = "it says where later programs connect and whom they trust";
constexpr std::string_view kFilePlaces = "later programs look for their files by it";
constexpr std::string_view kAgentActs = "the agent acts by it";

constexpr std::array kRefusedVariables = {
    RefusedVariable{"BUILDKITE_*", kAgentActs},
    RefusedVariable{"OSTLER_*", kAgentActs},
    RefusedVariable{"LD_*", kLoaderObeys},
    RefusedVariable{"DYLD_*", kLoaderObeys},
    RefusedVariable{"GCONV_PATH", kLoaderObeys},
    RefusedVariable{"GLIBC_TUNABLES", kLoaderObeys},
    RefusedVariable{"OPENSSL_*", kLoaderObeys},
    RefusedVariable{"GNUTLS_*", kLoaderObeys},
    RefusedVariable{"PATH", kShells},
    RefusedVariable{"ENV", kShells},
    RefusedVariable{"IFS", kShells},
    RefusedVariable{"PS4", kShells},
    RefusedVariable{"SHELLOPTS", kShells},
    RefusedVariable{"PROMPT_COMMAND", kShells},
    RefusedVariable{"BASH*", kShells},
    RefusedVariable{"GIT_*", kGitTools},
    RefusedVariable{"SSH_*", kGitTools},
    RefusedVariable{"EDITOR", kGitTools},
    RefusedVariable{"VISUAL", kGitTools},
    RefusedVariable{"PAGER", kGitTools},
    RefusedVariable{"PYTHON*", kCodeLoads},
    RefusedVariable{"PERL5*", kCodeLoads},
    RefusedVariable{"RUBY*", kCodeLoads},
    RefusedVariable{"NODE_OPTIONS", kCodeLoads},
    RefusedVariable{"NODE_PATH", kCodeLoads},
    RefusedVariable{"JAVA_TOOL_OPTIONS", kCodeLoads},
    RefusedVariable{"*_PROXY", kTraffic},
    RefusedVariable{"*_proxy", kTraffic},
    RefusedVariable{"SSL_CERT_*", kTraffic},
    RefusedVariable{"SSLKEYLOGFILE", kTraffic},
    RefusedVariable{"HOSTALIASES", kTraffic},
    RefusedVariable{"RES_OPTIONS", kTraffic},
    RefusedVariable{"LOCALDOMAIN", kTraffic},
    RefusedVariable{"HOME", kFilePlaces},
    RefusedVariable{"TMPDIR", kFilePlaces},
    RefusedVariable{"XDG_*", kFilePlaces},
};

bool fits_variable(std::string_view pattern, std::string_view name) {
  if (pattern.starts_with('*')) return name.ends_with(pattern.substr(1));
  if (pattern.ends_with('*')) return name.starts_with(pattern.substr(0, pattern.size() - 1));
  return name == pattern;
}

}  // namespace

std::span<const RefusedVariable> refused_variables() { return kRefusedVariables; }

bool is_obeyed_by_loaders(std::string_view name) {
  const RefusedVariable* refused = refusal_of(name);
  return refused != nullptr && refused->reason == kLoaderObeys;
}

const RefusedVariable* refusal_of(std::string_view name) {
  const auto found = std::ranges::find_if(kRefusedVariables, [&](const RefusedVariable& refused) {
    return fits_variable(refused.pattern, name);
  });
  return found == kRefusedVariables.end() ? nullptr : &*found;
}

}  // namespace ostler::plugin_host
