// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "process/exit_status.hpp"
#include "supervise/box_message.hpp"

namespace ostler::plugin_host {

/// A program that a plugin wants to be run outside its box.
struct HostCommand {
  std::vector<std::string> arguments;  ///< the program first
  std::string input;                   ///< what it reads; empty: /dev/null
  UniqueFd input_file = {};            ///< what it reads instead
  bool is_captured = false;            ///< its standard output goes to the plugin, not to the log
  std::chrono::nanoseconds time_limit{0};  ///< 0: none
};

/// Errors: UserFault, for the plugin.
Result<HostCommand> read_host_command(supervise::BoxCommand asked);

/// How it ended.
struct HostCommandEnd {
  process::ExitStatus status;
  std::string output;         ///< when it was captured
  bool is_truncated = false;  ///< there was more of it
};

/// What a program of ours ends with that a step has asked for and that found nothing.
inline constexpr int kNothingFound = 3;

/// As it goes to the plugin; see docs/box-protocol.md.
std::string encode_command_end(const HostCommandEnd& end);

}  // namespace ostler::plugin_host
