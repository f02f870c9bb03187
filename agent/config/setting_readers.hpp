// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/agent_config.hpp"
#include "config/token.hpp"
#include "config/values.hpp"

// How the text of a setting gets into the configuration. Each fails with UserFault that says what
// is expected.
namespace ostler::config {

inline Result<void> read(std::string_view text, std::string& into) {
  into = text;
  return success();
}
inline Result<void> read(std::string_view text, std::vector<std::string>& into) {
  into = split_list(text);
  return success();
}
inline Result<void> read(std::string_view text, bool& into) {
  OSTLER_TRY(into, parse_flag(text));
  return success();
}
inline Result<void> read(std::string_view text, int& into) {
  OSTLER_TRY(into, parse_number(text));
  return success();
}
inline Result<void> read(std::string_view text, std::chrono::milliseconds& into) {
  OSTLER_TRY(into, parse_duration(text));
  return success();
}
inline Result<void> read(std::string_view text, std::chrono::seconds& into) {
  OSTLER_TRY(auto number, parse_number(text));
  into = std::chrono::seconds(number);
  return success();
}
inline Result<void> read(std::string_view text, std::filesystem::path& into) {
  OSTLER_TRY(into, parse_path(text));
  return success();
}
inline Result<void> read(std::string_view text, Secret& into) {
  OSTLER_TRY(into, resolve_token(text));
  return success();
}

/// Reads the text as the member's type wants it.
template <auto member>
Result<void> into(AgentConfig& config, std::string_view text) {
  return read(text, config.*member);
}

/// An agent has no more slots.
inline constexpr int kMostSlots = 1000;

// Those that want more than their type.
Result<void> read_on_lease_lost(AgentConfig& config, std::string_view text);
Result<void> read_log_level(AgentConfig& config, std::string_view text);
Result<void> read_log_format(AgentConfig& config, std::string_view text);
Result<void> read_spawn(AgentConfig& config, std::string_view text);
Result<void> read_priority(AgentConfig& config, std::string_view text);
Result<void> read_spawn_per_cpu(AgentConfig& config, std::string_view text);
Result<void> read_spawn_with_priority(AgentConfig& config, std::string_view text);
Result<void> read_endpoint(AgentConfig& config, std::string_view text);
Result<void> read_cancel_signal(AgentConfig& config, std::string_view text);
Result<void> read_ping_mode(AgentConfig& config, std::string_view text);
Result<void> read_git_commit_verification(AgentConfig& config, std::string_view text);
Result<void> read_publisher_keys(AgentConfig& config, std::string_view text);
Result<void> read_plugin_allow(AgentConfig& config, std::string_view text);
Result<void> read_plugin_system_paths(AgentConfig& config, std::string_view text);
Result<void> read_additional_hooks_paths(AgentConfig& config, std::string_view text);

}  // namespace ostler::config
