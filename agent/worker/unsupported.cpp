// SPDX-License-Identifier: Apache-2.0
#include "worker/unsupported.hpp"

#include <filesystem>
#include <span>
#include <string_view>

namespace ostler::worker {
namespace {

using environment::value_of;

constexpr std::string_view kRepositoryHooks[] = {"post-checkout", "pre-command",  "command",
                                                 "post-command",  "pre-artifact", "post-artifact",
                                                 "pre-exit"};
constexpr std::string_view kAgentHooks[] = {
    "environment",  "pre-checkout", "checkout",      "post-checkout", "pre-command",  "command",
    "post-command", "pre-artifact", "post-artifact", "pre-exit",      "pre-bootstrap"};

Result<void> refuse_hooks(const std::string& directory, std::span<const std::string_view> names) {
  if (directory.empty()) return success();
  for (const std::string_view name : names) {
    const std::string path = directory + "/" + std::string(name);
    std::error_code error;
    if (std::filesystem::is_regular_file(path, error)) {
      return Error(Errc::UserFault, "hooks are not supported yet: " + path + "; remove it");
    }
  }
  return success();
}

}  // namespace

Result<void> refuse_plugins(const environment::Variables& env) {
  const std::string& plugins = value_of(env, "BUILDKITE_PLUGINS");
  const std::size_t first = plugins.find_first_not_of(" \t\r\n");
  if (first == plugins.npos) return success();
  const std::string_view text = std::string_view(plugins).substr(first);
  if (text == "[]" || text == "null") return success();
  return Error(Errc::UserFault,
               "plugins are not supported yet; remove `plugins` from the step: " + plugins);
}

Result<void> refuse_agent_hooks(const environment::Variables& env) {
  OSTLER_TRY(refuse_hooks(value_of(env, "BUILDKITE_HOOKS_PATH"), kAgentHooks));
  std::string_view more = value_of(env, "BUILDKITE_ADDITIONAL_HOOKS_PATHS");
  while (!more.empty()) {
    const std::size_t end = std::min(more.find(','), more.size());
    OSTLER_TRY(refuse_hooks(std::string(more.substr(0, end)), kAgentHooks));
    more.remove_prefix(std::min(end + 1, more.size()));
  }
  return success();
}

Result<void> refuse_repository_hooks(const std::string& directory) {
  return refuse_hooks(directory + "/.buildkite/hooks", kRepositoryHooks);
}

}  // namespace ostler::worker
