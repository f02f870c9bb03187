// SPDX-License-Identifier: Apache-2.0
#include "worker/unsupported.hpp"

#include <algorithm>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "plugin_host/hook_plugin.hpp"
#include "plugin_host/plugin_policy.hpp"
#include "plugin_host/step_reference.hpp"

namespace ostler::worker {
namespace {

using environment::value_of;

constexpr std::string_view kRepositoryHooks[] = {"post-checkout", "pre-command",  "command",
                                                 "post-command",  "pre-artifact", "post-artifact",
                                                 "pre-exit"};
constexpr std::string_view kAgentHooks[] = {
    "environment",  "pre-checkout", "checkout",      "post-checkout", "pre-command",  "command",
    "post-command", "pre-artifact", "post-artifact", "pre-exit",      "pre-bootstrap"};

constexpr std::size_t kMostStepPlugins = 16;

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

std::string setting_against_plugins(const environment::Variables& env) {
  if (value_of(env, "BUILDKITE_LOCAL_HOOKS_ENABLED") == "false") return "--no-local-hooks";
  if (value_of(env, "BUILDKITE_COMMAND_EVAL") == "false") return "--no-command-eval";
  return "--no-plugins";
}

}  // namespace

Result<std::size_t> count_step_plugins(const environment::Variables& env) {
  OSTLER_TRY(const auto calls, plugin_host::read_plugin_calls(value_of(env, "BUILDKITE_PLUGINS")));
  const plugin_host::PluginPolicy policy = plugin_host::plugin_policy(env);
  if (!calls.empty() && value_of(env, "BUILDKITE_PLUGINS_ENABLED") == "false") {
    return Error(Errc::Denied, "this agent runs no plugins (" + setting_against_plugins(env) +
                                   "); remove `plugins` from the step: " + calls.front().source);
  }
  for (const auto& call : calls) {
    if (plugin_host::step_reference(call.source, policy.bare_names)) continue;
    return Error(Errc::UserFault,
                 plugin_host::hook_plugin_fault(call.source, policy.store, policy.bare_names));
  }
  if (calls.size() <= kMostStepPlugins) return calls.size();
  return Error(Errc::UserFault, "a step has at most " + std::to_string(kMostStepPlugins) +
                                    " plugins, this one has " + std::to_string(calls.size()));
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
