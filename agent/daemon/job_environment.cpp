// SPDX-License-Identifier: Apache-2.0
#include "daemon/job_environment.hpp"

#include <unistd.h>

#include "base/joined.hpp"
#include "environment/compose.hpp"

namespace ostler::daemon {
namespace {

/// For workers. That the server takes events it says in a header of its own, by which they are
/// shipped, too.
std::string server_services(const JobRecord& record) {
  if (!record.takes_events) return record.services;
  return record.services.empty() ? "events" : record.services + ",events";
}

environment::AgentSettings settings_of(const AgentParts& parts, const JobRecord& record) {
  const config::AgentConfig& config = parts.config;
  environment::AgentSettings settings;
  settings.endpoint = record.endpoint;
  settings.access_token = record.token.reveal();
  settings.request_headers.assign(record.request_headers.begin(), record.request_headers.end());
  settings.debug = config.debug;
  settings.agent_pid = ::getpid();
  settings.bin_path = parts.program.parent_path().string();
  settings.config_path = config.config.string();
  settings.build_path = config.build_path.string();
  settings.sockets_path = parts.runtime.path().string();
  settings.hooks_path = config.hooks_path.string();
  settings.additional_hooks_paths = joined(config.additional_hooks_paths, ",");
  settings.git_mirrors_path = config.git_mirrors_path.string();
  settings.git_mirrors_lock_timeout = config.git_mirrors_lock_timeout;
  settings.git_mirrors_skip_update = config.git_mirrors_skip_update;
  settings.git_clean_flags = config.git_clean_flags;
  settings.git_commit_verification = config.git_commit_verification;
  settings.git_submodules = !config.no_git_submodules;
  settings.ssh_keyscan = !config.no_ssh_keyscan;
  settings.git_checkout_timeout = config.git_checkout_timeout;
  settings.checkout_attempts = config.checkout_attempts;
  settings.skip_checkout = config.skip_checkout;
  settings.command_eval = !config.no_command_eval;
  settings.plugins_enabled =
      !config.no_plugins && !config.no_command_eval && !config.no_local_hooks;
  settings.local_hooks_enabled = !config.no_local_hooks;
  settings.plugin_store = config.plugin_store.string();
  settings.plugin_files = config.plugin_files.string();
  settings.plugin_allow = joined(config.plugin_allow, ",");
  settings.plugin_names = joined(config.plugin_names, ",");
  settings.plugin_services = joined(config.plugin_services, ",");
  settings.plugin_secrets_put = joined(config.plugin_secrets_put, ",");
  settings.plugin_require_pinned = config.plugin_require_pinned;
  settings.plugin_system_paths = joined(config.plugin_system_paths, ",");
  settings.plugin_unconfined_commands = config.plugin_unconfined_commands;
  settings.plugin_require_signed = config.plugin_require_signed;
  settings.plugin_fetch = config.no_plugin_fetch ? "forbidden"
                          : record.gives_plugins ? "hub"
                                                 : "none";
  settings.server_services = server_services(record);
  settings.plugin_publisher_keys = joined(config.plugin_publisher_keys, ",");
  settings.no_http2 = config.no_http2;
  settings.artifact_upload_concurrency = config.artifact_upload_concurrency;
  settings.no_multipart_artifact_upload = config.no_multipart_artifact_upload;
  settings.shell = config.shell;
  settings.redacted_vars = config.redacted_vars;
  settings.cancel_signal = config.cancel_signal;
  settings.cancel_signal_timeout =
      std::chrono::ceil<std::chrono::seconds>(config.cancel_signal_timeout);
  settings.cancel_cleanup_timeout =
      std::chrono::ceil<std::chrono::seconds>(config.cancel_cleanup_timeout);
  settings.pty = !config.no_pty;
  return settings;
}

}  // namespace

environment::Variables job_environment(const AgentParts& parts, const JobRecord& record,
                                       wire::StringMap server) {
  environment::Variables variables(std::make_move_iterator(server.begin()),
                                   std::make_move_iterator(server.end()));
  return environment::compose(std::move(variables), settings_of(parts, record));
}

}  // namespace ostler::daemon
