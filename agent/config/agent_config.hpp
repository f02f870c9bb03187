// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

// What `ostler agent start` can be told: one table (agent_settings.cpp) names every setting, its
// environment variable, its default and its meaning; a second one (unsupported_settings.cpp) names
// what the genuine agent has and this one refuses. Parser, --help and docs/agent-start.md come from
// both.
namespace ostler::config {

/// What an agent does when a job's lease ends without renewal.
enum class OnLeaseLost { Finish, Stop };

/// How the priorities of an agent's slots follow from their numbers.
enum class SpawnPriority {
  Static,      ///< each has `priority`
  Ascending,   ///< 1, 2, 3, ...
  Descending,  ///< -1, -2, -3, ...
};

/// How an agent asks for jobs.
enum class PingMode {
  Auto,        ///< over a stream where the server has one, else by asking again and again
  PollOnly,    ///< never over a stream
  StreamOnly,  ///< over a stream, or not at all
};

/// The settings of one agent, checked. Source: job-lifecycle 7.1.
struct AgentConfig {
  std::filesystem::path config;  ///< the file that was read; empty: none
  Secret token;                  ///< the token itself, also when a file or descriptor was named
  std::string endpoint;
  bool follow_endpoint = false;  ///< what the state directory keeps goes on at `endpoint`
  std::string name;
  std::string priority;  ///< decimal text; empty: none
  int spawn = 1;         ///< slots; with spawn-per-cpu, so many for each processor
  int spawn_per_cpu = 0;
  SpawnPriority spawn_with_priority = SpawnPriority::Static;
  std::vector<std::string> tags;  ///< with queue=, when one was named
  bool tags_from_host = false;
  std::string queue;
  std::filesystem::path build_path;
  std::filesystem::path sockets_path;  ///< empty: in the state directory, where names fit
  std::filesystem::path state_path;
  std::filesystem::path hooks_path;
  std::vector<std::string> additional_hooks_paths;
  std::string shell;
  bool no_pty = false;
  bool no_command_eval = false;
  bool no_plugins = false;
  bool no_local_hooks = false;
  std::filesystem::path plugin_store;           ///< of step plugins
  std::filesystem::path plugin_files;           ///< that step plugins keep for later jobs
  std::vector<std::string> plugin_allow;        ///< "id", "id@1" or "id#1"; empty: all of the store
  std::vector<std::string> plugin_names;        ///< that mean step plugins without "ostler://"
  std::vector<std::string> plugin_services;     ///< ids of those that may start services
  std::vector<std::string> plugin_secrets_put;  ///< ids of those that may set secrets of the hub
  bool plugin_require_pinned = false;
  std::vector<std::string> plugin_system_paths;  ///< beside the usual ones
  bool plugin_unconfined_commands = false;
  bool plugin_require_signed = false;
  bool no_plugin_fetch = false;
  std::vector<std::string> plugin_publisher_keys;  ///< as "ed25519:BASE64"
  bool no_feature_reporting = false;
  bool skip_checkout = false;
  int checkout_attempts = 6;
  std::string git_clean_flags;
  std::string git_commit_verification;
  int git_checkout_timeout = 0;  ///< seconds for each attempt; 0: no limit
  bool no_git_submodules = false;
  bool no_ssh_keyscan = false;
  std::filesystem::path git_mirrors_path;
  int git_mirrors_lock_timeout = 300;  ///< seconds
  bool git_mirrors_skip_update = false;
  int artifact_upload_concurrency = 0;  ///< 0: the command's own default
  bool no_multipart_artifact_upload = false;
  std::vector<std::string> redacted_vars;  ///< globs over names; empty: the default list
  std::string cancel_signal;
  std::chrono::milliseconds cancel_signal_timeout{0};
  std::chrono::milliseconds cancel_cleanup_timeout{0};
  std::string health_check_addr;  ///< empty: no health server
  std::string acquire_job;        ///< id of the one job to run; empty: any
  bool reflect_exit_status = false;
  bool disconnect_after_job = false;
  std::chrono::seconds disconnect_after_idle_timeout{0};  ///< zero: never
  std::chrono::seconds disconnect_after_uptime{0};        ///< zero: never
  PingMode ping_mode = PingMode::Auto;
  bool no_http2 = false;
  int max_undelivered = 4;
  OnLeaseLost on_lease_lost = OnLeaseLost::Finish;
  std::string log_level;
  std::string log_format;
  bool no_color = false;
  bool debug = false;

  /// Settings of the configuration file that neither this agent nor the genuine one knows, with
  /// their lines and, where one is near, the name that was probably meant.
  std::vector<std::string> unknown_settings;
};

/// `--help` was asked for: the text to print.
struct HelpText {
  std::string text;
};

/// Reads the settings from the command line, else the environment, else the configuration file,
/// else the defaults. `program_directory` is where a configuration file may lie beside the program.
/// Errors: UserFault, naming flag, variable or file:line, and what is expected.
Result<std::variant<AgentConfig, HelpText>> read_agent_config(
    const std::vector<std::string>& arguments, const std::filesystem::path& program_directory);

/// The store of step plugins in an agent's state directory, unless it was given another.
inline constexpr const char* kPluginStoreName = "plugins";
/// And of what these keep.
inline constexpr const char* kPluginFilesName = "plugin-files";

/// Where an agent keeps its state when nobody says otherwise.
/// Errors: UserFault when HOME is needed and not set.
Result<std::filesystem::path> default_state_path();

/// The environment variables that stand for settings: no job may inherit them.
std::vector<std::string> agent_setting_variables();

/// docs/agent-start.md, from the table.
std::string agent_settings_reference();

}  // namespace ostler::config
