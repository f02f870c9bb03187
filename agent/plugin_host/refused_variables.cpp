// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/refused_variables.hpp"

#include <algorithm>
#include <array>

namespace ostler::plugin_host {
namespace {

constexpr std::string_view kLoader = "the loader of every later program obeys it";
constexpr std::string_view kShell = "the shells of later phases obey it";
constexpr std::string_view kInterpreter = "later programs load code by it";
constexpr std::string_view kTools = "git and its helpers run programs by it";
constexpr std::string_view kTraffic = "it says where later programs connect and whom they trust";
constexpr std::string_view kPlace = "later programs look for their files by it";
constexpr std::string_view kAgent = "the agent acts by it";

constexpr std::array kTable = {
    RefusedVariable{"BUILDKITE_*", kAgent},
    RefusedVariable{"OSTLER_*", kAgent},
    RefusedVariable{"LD_*", kLoader},
    RefusedVariable{"DYLD_*", kLoader},
    RefusedVariable{"GCONV_PATH", kLoader},
    RefusedVariable{"GLIBC_TUNABLES", kLoader},
    RefusedVariable{"PATH", kShell},
    RefusedVariable{"ENV", kShell},
    RefusedVariable{"IFS", kShell},
    RefusedVariable{"PS4", kShell},
    RefusedVariable{"SHELLOPTS", kShell},
    RefusedVariable{"PROMPT_COMMAND", kShell},
    RefusedVariable{"BASH*", kShell},
    RefusedVariable{"GIT_*", kTools},
    RefusedVariable{"SSH_*", kTools},
    RefusedVariable{"EDITOR", kTools},
    RefusedVariable{"VISUAL", kTools},
    RefusedVariable{"PAGER", kTools},
    RefusedVariable{"PYTHON*", kInterpreter},
    RefusedVariable{"PERL5*", kInterpreter},
    RefusedVariable{"RUBY*", kInterpreter},
    RefusedVariable{"NODE_OPTIONS", kInterpreter},
    RefusedVariable{"NODE_PATH", kInterpreter},
    RefusedVariable{"JAVA_TOOL_OPTIONS", kInterpreter},
    RefusedVariable{"*_PROXY", kTraffic},
    RefusedVariable{"*_proxy", kTraffic},
    RefusedVariable{"SSL_CERT_*", kTraffic},
    RefusedVariable{"HOME", kPlace},
    RefusedVariable{"TMPDIR", kPlace},
    RefusedVariable{"XDG_*", kPlace},
};

bool fits(std::string_view pattern, std::string_view name) {
  if (pattern.starts_with('*')) return name.ends_with(pattern.substr(1));
  if (pattern.ends_with('*')) return name.starts_with(pattern.substr(0, pattern.size() - 1));
  return name == pattern;
}

}  // namespace

std::span<const RefusedVariable> refused_variables() { return kTable; }

const RefusedVariable* refusal_of(std::string_view name) {
  const auto found = std::ranges::find_if(
      kTable, [&](const RefusedVariable& refused) { return fits(refused.pattern, name); });
  return found == kTable.end() ? nullptr : &*found;
}

}  // namespace ostler::plugin_host
