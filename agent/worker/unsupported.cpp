// SPDX-License-Identifier: Apache-2.0
#include "worker/unsupported.hpp"

#include <algorithm>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "base/nearest_word.hpp"
#include "plugin_host/plugin_policy.hpp"
#include "plugin_host/plugin_store.hpp"
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

/// As a person writes it: "docker#v5" of what that is written out as, too.
std::string written_source(const std::string& source) {
  const std::string name = plugin_host::bare_name(source);
  return name.empty() ? source : name + source.substr(std::min(source.find('#'), source.size()));
}

/// ", did you mean ostler://deploy#1?" for what is nearly the name of an installed step plugin.
std::string suggestion_for(const std::string& source, const plugin_host::PluginPolicy& policy) {
  const std::string name = plugin_host::bare_name(source);
  if (name.empty()) return {};
  std::vector<std::string> ids = policy.bare_names;
  for (std::string& id : plugin_host::ids_in_store(policy.store)) ids.push_back(std::move(id));
  const std::vector<std::string_view> views(ids.begin(), ids.end());
  const std::string_view near = nearest_word(name, views);
  if (near.empty()) return {};
  const std::size_t mark = std::min(source.find('#'), source.size());
  return ", did you mean ostler://" + std::string(near) + source.substr(mark) + "?";
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
    const std::string meant = suggestion_for(call.source, policy);
    return Error(Errc::UserFault,
                 "the plugin " + written_source(call.source) +
                     " is one of hooks, which are not supported yet" +
                     (meant.empty() ? "; remove it from the step's `plugins`" : meant));
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
