// SPDX-License-Identifier: Apache-2.0
#include "environment/compose.hpp"

#include <algorithm>
#include <cctype>
#include <set>

#include "base/joined.hpp"
#include "environment/protected.hpp"
#include "environment/redacted_vars.hpp"

namespace ostler::environment {
namespace {

using Entry = std::pair<std::string, std::string>;

constexpr std::size_t kLongestMessage = 64 << 10;  // bytes of NAME=value
constexpr std::string_view kMessage = "BUILDKITE_MESSAGE";
constexpr std::string_view kAgentToken = "BUILDKITE_AGENT_TOKEN";
constexpr std::string_view kIgnored = "BUILDKITE_IGNORED_ENV";

std::string yes_or_no(bool value) { return value ? "true" : "false"; }

std::string duration(std::chrono::seconds value) { return std::to_string(value.count()) + "s"; }

std::string header_variable(std::string_view header) {
  std::string name = "BUILDKITE_REQUEST_HEADER_";
  for (const char byte : header) {
    name += byte == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(byte)));
  }
  return name;
}

std::vector<Entry> always_set(const AgentSettings& s) {
  return {
      {"BUILDKITE_ADDITIONAL_HOOKS_PATHS", s.additional_hooks_paths},
      {"BUILDKITE_AGENT_ACCESS_TOKEN", s.access_token},
      {"BUILDKITE_AGENT_DEBUG", yes_or_no(s.debug)},
      {"BUILDKITE_AGENT_DEBUG_HTTP", yes_or_no(s.debug_http)},
      {"BUILDKITE_AGENT_DISABLE_WARNINGS_FOR", s.disable_warnings_for},
      {"BUILDKITE_AGENT_ENDPOINT", s.endpoint},
      {"BUILDKITE_AGENT_EXPERIMENT", s.experiments},
      {"BUILDKITE_AGENT_PID", std::to_string(s.agent_pid)},
      {"BUILDKITE_BIN_PATH", s.bin_path},
      {"BUILDKITE_BUILD_PATH", s.build_path},
      {"BUILDKITE_CANCEL_CLEANUP_TIMEOUT", duration(s.cancel_cleanup_timeout)},
      {"BUILDKITE_CANCEL_SIGNAL_TIMEOUT", duration(s.cancel_signal_timeout)},
      {"BUILDKITE_CHECKOUT_ATTEMPTS", std::to_string(s.checkout_attempts)},
      {"BUILDKITE_CHECKOUT_OVERRIDE_MODE", s.command_eval ? "from-job" : "strict"},
      {"BUILDKITE_COMMAND_EVAL", yes_or_no(s.command_eval)},
      {"BUILDKITE_CONFIG_PATH", s.config_path},
      {"BUILDKITE_GIT_CHECKOUT_FLAGS", s.git_checkout_flags},
      {"BUILDKITE_GIT_CLEAN_FLAGS", s.git_clean_flags},
      {"BUILDKITE_GIT_CLONE_FLAGS", s.git_clone_flags},
      {"BUILDKITE_GIT_CLONE_MIRROR_FLAGS", s.git_clone_mirror_flags},
      {"BUILDKITE_GIT_COMMIT_VERIFICATION", s.git_commit_verification},
      {"BUILDKITE_GIT_FETCH_FLAGS", s.git_fetch_flags},
      {"BUILDKITE_GIT_MIRRORS_LOCK_TIMEOUT", std::to_string(s.git_mirrors_lock_timeout)},
      {"BUILDKITE_GIT_MIRRORS_PATH", s.git_mirrors_path},
      {"BUILDKITE_GIT_MIRRORS_SKIP_UPDATE", yes_or_no(s.git_mirrors_skip_update)},
      {"BUILDKITE_GIT_MIRROR_CHECKOUT_MODE", s.git_mirror_checkout_mode},
      {"BUILDKITE_HOOKS_PATH", s.hooks_path},
      {"BUILDKITE_HOOKS_SHELL", s.hooks_shell},
      {"BUILDKITE_LOCAL_HOOKS_ENABLED", yes_or_no(s.local_hooks_enabled)},
      {"BUILDKITE_NO_HTTP2", yes_or_no(s.no_http2)},
      {"BUILDKITE_PLUGINS_ENABLED", yes_or_no(s.plugins_enabled)},
      {"BUILDKITE_PLUGINS_PATH", s.plugins_path},
      {"BUILDKITE_REDACTED_VARS",
       s.redacted_vars.empty() ? std::string(kDefaultRedactedVars) : joined(s.redacted_vars, ",")},
      {"BUILDKITE_SHELL", s.shell},
      {"BUILDKITE_SOCKETS_PATH", s.sockets_path},
      {"BUILDKITE_SSH_KEYSCAN", yes_or_no(s.ssh_keyscan)},
      {"BUILDKITE_STRICT_SINGLE_HOOKS", yes_or_no(s.strict_single_hooks)},
      {"OSTLER_PLUGIN_ALLOW", s.plugin_allow},
      {"OSTLER_PLUGIN_FETCH", s.plugin_fetch},
      {"OSTLER_PLUGIN_FILES", s.plugin_files},
      {"OSTLER_PLUGIN_NAMES", s.plugin_names},
      {"OSTLER_PLUGIN_PUBLISHER_KEYS", s.plugin_publisher_keys},
      {"OSTLER_PLUGIN_REQUIRE_PINNED", yes_or_no(s.plugin_require_pinned)},
      {"OSTLER_PLUGIN_REQUIRE_SIGNED", yes_or_no(s.plugin_require_signed)},
      {"OSTLER_PLUGIN_SECRETS_PUT", s.plugin_secrets_put},
      {"OSTLER_PLUGIN_SERVICES", s.plugin_services},
      {"OSTLER_PLUGIN_STORE", s.plugin_store},
      {"OSTLER_PLUGIN_SYSTEM_PATHS", s.plugin_system_paths},
      {"OSTLER_PLUGIN_UNCONFINED_COMMANDS", yes_or_no(s.plugin_unconfined_commands)},
      {"OSTLER_SERVER_SERVICES", s.server_services},
  };
}

std::vector<Entry> agent_set(const AgentSettings& settings) {
  std::vector<Entry> entries = always_set(settings);
  const bool strict = !settings.command_eval;
  if (strict || !settings.git_submodules) {
    entries.emplace_back("BUILDKITE_GIT_SUBMODULES", yes_or_no(settings.git_submodules));
  }
  if (strict || settings.skip_checkout) {
    entries.emplace_back("BUILDKITE_SKIP_CHECKOUT", yes_or_no(settings.skip_checkout));
  }
  if (strict || settings.git_checkout_timeout > 0) {
    entries.emplace_back("BUILDKITE_GIT_CHECKOUT_TIMEOUT",
                         std::to_string(settings.git_checkout_timeout));
  }
  if (settings.artifact_upload_concurrency > 0) {
    entries.emplace_back("BUILDKITE_ARTIFACT_UPLOAD_CONCURRENCY",
                         std::to_string(settings.artifact_upload_concurrency));
  }
  if (settings.no_multipart_artifact_upload) {
    entries.emplace_back("BUILDKITE_NO_MULTIPART_ARTIFACT_UPLOAD", "true");
  }
  if (settings.cancel_signal != "SIGTERM") {
    entries.emplace_back("BUILDKITE_CANCEL_SIGNAL", settings.cancel_signal);
  }
  if (!settings.pty) entries.emplace_back("BUILDKITE_PTY", "false");
  for (const auto& [header, value] : settings.request_headers) {
    entries.emplace_back(header_variable(header), value);
  }
  return entries;
}

void cut_message(Variables& job) {
  const auto found = job.find(kMessage);
  if (found == job.end()) return;
  std::string& value = found->second;
  const std::size_t limit = kLongestMessage - kMessage.size() - 1;
  if (value.size() <= limit) return;
  const std::string note = "[value truncated " + std::to_string(value.size()) + " -> " +
                           std::to_string(limit) + " bytes]";
  value.replace(limit - note.size(), std::string::npos, note);
}

}  // namespace

Variables compose(Variables server, const AgentSettings& settings) {
  std::set<std::string> ignored;
  std::erase_if(server, [&](const auto& variable) {
    if (variable.first == kAgentToken || variable.first == kIgnored) return true;
    const Protection* protection = protection_of(variable.first);
    const bool locked = protection != nullptr && !protection->job_mutable;
    if (locked) ignored.insert(variable.first);
    return locked;
  });
  Variables job = std::move(server);
  for (auto& [name, value] : agent_set(settings)) {
    const auto [place, added] = job.insert_or_assign(std::move(name), std::move(value));
    if (!added) ignored.insert(place->first);
  }
  cut_message(job);
  if (!ignored.empty()) job[std::string(kIgnored)] = joined(ignored, ",");
  return job;
}

}  // namespace ostler::environment
