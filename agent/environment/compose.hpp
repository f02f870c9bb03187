// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "environment/variables.hpp"

// The environment that a job gets: agent process environment < the server's `env` < what the agent
// sets. The first of the three is inherited by every child; here the other two become one.
namespace ostler::environment {

/// What the agent tells a job about itself. Empty paths and texts are set as empty variables,
/// as the genuine agent does, unless a line here says otherwise.
struct AgentSettings {
  std::string endpoint;      ///< Agent API base URL
  std::string access_token;  ///< job token if the server gave one, else the session's
  std::vector<std::pair<std::string, std::string>> request_headers;  ///< "X-Name" to value
  bool debug = false;
  bool debug_http = false;
  bool no_http2 = false;
  pid_t agent_pid = 0;
  std::string bin_path;  ///< directory of `ostler`
  std::string config_path;
  std::string build_path;
  std::string sockets_path;
  std::string hooks_path;
  std::string additional_hooks_paths;  ///< comma list
  std::string plugins_path;
  std::string plugin_store;        ///< of step plugins
  std::string plugin_files;        ///< that step plugins keep for later jobs
  std::string plugin_allow;        ///< comma list
  std::string plugin_names;        ///< comma list
  std::string plugin_services;     ///< comma list
  std::string plugin_secrets_put;  ///< comma list
  bool plugin_require_pinned = false;
  bool plugin_require_signed = false;
  std::string plugin_system_paths;  ///< comma list
  bool plugin_unconfined_commands = false;
  std::string plugin_fetch;           ///< what the lock names: "hub", "forbidden" or "none"
  std::string server_services;        ///< what the server keeps for step plugins, comma list
  std::string plugin_publisher_keys;  ///< comma list of "ed25519:BASE64"
  std::string git_mirrors_path;
  bool git_mirrors_skip_update = false;
  int git_mirrors_lock_timeout = 300;  ///< seconds
  std::string git_clone_flags = "-v";
  std::string git_fetch_flags = "-v --prune";
  std::string git_clean_flags = "-ffxdq";
  std::string git_checkout_flags = "-f";
  std::string git_clone_mirror_flags = "-v";
  std::string git_commit_verification = "strict";  ///< strict, warn, off
  std::string git_mirror_checkout_mode = "reference";
  bool git_submodules = true;  ///< emitted when false only
  bool ssh_keyscan = true;     ///< whether ssh trusts a host that it sees for the first time
  bool skip_checkout = false;  ///< emitted when true only
  int checkout_attempts = 6;
  int git_checkout_timeout = 0;  ///< seconds; emitted unless 0, which is no limit
  bool command_eval = true;      ///< false: jobs may not override how the checkout is done
  bool plugins_enabled = true;
  bool local_hooks_enabled = true;
  bool strict_single_hooks = false;
  std::string shell;  ///< shell words, the command is appended; empty: "/bin/bash -e -c"
  std::string hooks_shell;
  std::string experiments;                 ///< comma list
  std::vector<std::string> redacted_vars;  ///< globs over names; empty: the default list
  std::string cancel_signal = "SIGTERM";   ///< emitted when another
  std::chrono::seconds cancel_signal_timeout{10};
  std::chrono::seconds cancel_cleanup_timeout{5};
  bool pty = true;                            ///< emitted when false
  std::string disable_warnings_for;           ///< comma list
  int artifact_upload_concurrency = 0;        ///< emitted unless 0
  bool no_multipart_artifact_upload = false;  ///< emitted when true
};

/// Lays what the agent sets over the server's variables, drops what no job may have, cuts
/// BUILDKITE_MESSAGE to 64 KiB, and lists each name whose server value was replaced in
/// BUILDKITE_IGNORED_ENV (comma list, sorted; unset when there is none).
/// Source: job-lifecycle 6 and 6.2, agent-api 9.3.
Variables compose(Variables server, const AgentSettings& settings);

}  // namespace ostler::environment
