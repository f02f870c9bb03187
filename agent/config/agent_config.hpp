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
// environment variable, its default and its meaning; parser, --help and docs/agent-start.md come
// from it.
namespace ostler::config {

/// What an agent does when a job's lease ends without renewal.
enum class OnLeaseLost { Finish, Stop };

/// The settings of one agent, checked. Source: job-lifecycle 7.1.
struct AgentConfig {
  std::filesystem::path config;  ///< the file that was read; empty: none
  Secret token;                  ///< the token itself, also when a file or descriptor was named
  std::string endpoint;
  std::string name;
  std::string priority;  ///< decimal text; empty: none
  int spawn = 1;
  std::vector<std::string> tags;  ///< with queue=, when one was named
  std::string queue;
  std::filesystem::path build_path;
  std::filesystem::path sockets_path;  ///< empty: in the state directory, where names fit
  std::filesystem::path state_path;
  std::string shell;
  bool no_pty = false;
  bool skip_checkout = false;
  std::filesystem::path git_mirrors_path;
  std::vector<std::string> redacted_vars;  ///< globs over names; empty: the default list
  std::string cancel_signal;
  std::chrono::milliseconds cancel_signal_timeout{0};
  std::chrono::milliseconds cancel_cleanup_timeout{0};
  bool disconnect_after_job = false;
  std::chrono::seconds disconnect_after_idle_timeout{0};  ///< zero: never
  int max_undelivered = 4;
  OnLeaseLost on_lease_lost = OnLeaseLost::Finish;
  std::string log_level;
  std::string log_format;
  bool no_color = false;
  bool debug = false;

  /// Settings of the configuration file that no agent of ours knows, with their lines.
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

/// The environment variables that stand for settings: no job may inherit them.
std::vector<std::string> agent_setting_variables();

/// docs/agent-start.md, from the table.
std::string agent_settings_reference();

}  // namespace ostler::config
