// SPDX-License-Identifier: Apache-2.0
#include "config/setting_readers.hpp"

#include <limits>

#include "config/publisher_key.hpp"
#include "diag/log.hpp"

namespace ostler::config {
namespace {

Error not_one_of(std::string_view text, std::string_view choices) {
  return Error(Errc::UserFault,
               "\"" + std::string(text) + "\" is none of: " + std::string(choices));
}

Result<int> number_within(std::string_view text, int least, int most) {
  OSTLER_TRY(const int number, parse_number(text));
  if (number >= least && number <= most) return number;
  return Error(Errc::UserFault, "\"" + std::string(text) + "\" is not from " +
                                    std::to_string(least) + " to " + std::to_string(most));
}

}  // namespace

Result<void> read_on_lease_lost(AgentConfig& config, std::string_view text) {
  if (text != "finish" && text != "stop") return not_one_of(text, "finish, stop");
  config.on_lease_lost = text == "stop" ? OnLeaseLost::Stop : OnLeaseLost::Finish;
  return success();
}

Result<void> read_log_level(AgentConfig& config, std::string_view text) {
  diag::Level level;
  if (!diag::parse_level(text, level)) {
    return not_one_of(text, "debug, info, notice, warn, error, fatal");
  }
  config.log_level = text;
  return success();
}

Result<void> read_log_format(AgentConfig& config, std::string_view text) {
  if (text != "text" && text != "json") return not_one_of(text, "text, json");
  config.log_format = text;
  return success();
}

Result<void> read_spawn(AgentConfig& config, std::string_view text) {
  OSTLER_TRY(config.spawn, number_within(text, 1, kMostSlots));
  return success();
}

Result<void> read_spawn_per_cpu(AgentConfig& config, std::string_view text) {
  OSTLER_TRY(config.spawn_per_cpu, number_within(text, 0, kMostSlots));
  return success();
}

Result<void> read_spawn_with_priority(AgentConfig& config, std::string_view text) {
  // It was a switch in version 3.
  if (text == "static" || text == "false") {
    config.spawn_with_priority = SpawnPriority::Static;
  } else if (text == "ascending" || text == "true") {
    config.spawn_with_priority = SpawnPriority::Ascending;
  } else if (text == "descending") {
    config.spawn_with_priority = SpawnPriority::Descending;
  } else {
    return not_one_of(text, "static, ascending, descending");
  }
  return success();
}

Result<void> read_priority(AgentConfig& config, std::string_view text) {
  constexpr int kMost = std::numeric_limits<int>::max();
  OSTLER_TRY(number_within(text, -kMost, kMost));
  config.priority = text;
  return success();
}

Result<void> read_endpoint(AgentConfig& config, std::string_view text) {
  constexpr std::string_view kUnix = "unix:";
  const bool is_socket = text.starts_with(kUnix) && text.substr(kUnix.size()).starts_with('/');
  if (!is_socket && !text.starts_with("http://") && !text.starts_with("https://")) {
    return Error(Errc::UserFault, "\"" + std::string(text) +
                                      "\" is no URL; give it as http://HOST[:PORT]/v3, "
                                      "https://... or unix:/PATH/OF/SOCKET");
  }
  config.endpoint = text;
  return success();
}

Result<void> read_cancel_signal(AgentConfig& config, std::string_view text) {
  constexpr std::string_view kChoices =
      "SIGHUP, SIGINT, SIGQUIT, SIGKILL, SIGUSR1, SIGUSR2, SIGTERM";
  std::string name(text);
  for (char& c : name) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  const std::string list = ", " + std::string(kChoices) + ",";
  if (name.find(',') != std::string::npos || list.find(" " + name + ",") == std::string::npos) {
    return not_one_of(text, kChoices);
  }
  config.cancel_signal = std::move(name);
  return success();
}

Result<void> read_ping_mode(AgentConfig& config, std::string_view text) {
  if (text == "auto") {
    config.ping_mode = PingMode::Auto;
  } else if (text == "poll-only" || text == "ping-only") {
    config.ping_mode = PingMode::PollOnly;
  } else if (text == "stream-only") {
    config.ping_mode = PingMode::StreamOnly;
  } else {
    return not_one_of(text, "auto, poll-only, stream-only");
  }
  return success();
}

Result<void> read_git_commit_verification(AgentConfig& config, std::string_view text) {
  if (text != "strict" && text != "off") return not_one_of(text, "strict, off");
  config.git_commit_verification = text;
  return success();
}

Result<void> read_additional_hooks_paths(AgentConfig& config, std::string_view text) {
  config.additional_hooks_paths.clear();
  for (const std::string& item : split_list(text)) {
    OSTLER_TRY(const auto path, parse_path(item));
    config.additional_hooks_paths.push_back(path.string());
  }
  return success();
}

Result<void> read_publisher_keys(AgentConfig& config, std::string_view text) {
  config.plugin_publisher_keys.clear();
  for (const std::string& named : split_list(text)) {
    OSTLER_TRY(const auto key, read_publisher_key(named));
    config.plugin_publisher_keys.push_back(key.text());
  }
  return success();
}

/// "deploy@1" is how a configuration file has to say "deploy#1": "#" begins a comment there. A list
/// that came out empty would allow every plugin.
Result<void> read_plugin_allow(AgentConfig& config, std::string_view text) {
  config.plugin_allow = split_list(text);
  if (config.plugin_allow.empty()) {
    return Error(
        Errc::UserFault,
        "names no plugin; name those that jobs may use, leave it out to allow all that are "
        "installed, or forbid them with no-plugins");
  }
  for (const std::string& entry : config.plugin_allow) {
    const std::size_t mark = entry.find_first_of("#@");
    const bool is_one = entry.find_first_of(":/") == entry.npos && mark != 0 &&
                        (mark == entry.npos || (mark + 1 < entry.size() &&
                                                entry.find_first_of("#@", mark + 1) == entry.npos));
    if (!is_one) {
      return Error(Errc::UserFault,
                   "must be a list of ID or ID@VERSION, and \"" + entry + "\" is none");
    }
  }
  return success();
}

/// A relative one would mean another place in each job.
Result<void> read_plugin_system_paths(AgentConfig& config, std::string_view text) {
  config.plugin_system_paths = split_list(text);
  for (const std::string& path : config.plugin_system_paths) {
    if (path.starts_with('/')) continue;
    return Error(Errc::UserFault, "must be a list of absolute paths, and \"" + path + "\" is none");
  }
  return success();
}

}  // namespace ostler::config
