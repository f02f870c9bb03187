// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "plugin_host/command_sink.hpp"
#include "plugin_host/step_plan.hpp"
#include "process/exit_status.hpp"

namespace ostler::plugin_host {

/// Where a plugin's commands run, and what they may touch.
struct CommandPlace {
  std::string directory = {};
  int stop_signal = SIGTERM;  ///< what a command gets before it is killed
  CommandProfile profile = CommandProfile::Host;
  std::string scratch = {};                    ///< under the profile workspace: HOME and TMPDIR
  std::vector<std::string> system_paths = {};  ///< that it may read and execute
  std::vector<std::string> readable = {};      ///< that it may read, under the profile workspace
  std::string cache = {};                      ///< the same: XDG_CACHE_HOME; empty: none
  bool network = false;
  std::vector<int> listeners = {};  ///< descriptors that it gets as 3, 4 and so on
};

/// A program that a plugin wants to be run outside its box.
struct HostCommand {
  std::vector<std::string> arguments;  ///< the program first
  std::string input;                   ///< what it reads; empty: /dev/null
  UniqueFd input_file = {};            ///< what it reads instead
  bool is_confined = false;            ///< by the profile workspace, whatever its place says
  bool has_open_input = false;         ///< it reads what RunningCommand::input() is given instead
  bool is_ours = false;                ///< a program of Ostler: the plugin's usage has it not
  bool is_captured = false;  ///< its standard output is kept for its end, and not in the log
  std::shared_ptr<ReadOutput> output = {};  ///< takes standard output instead
  std::shared_ptr<ReadOutput> errors = {};  ///< takes standard error; none: the log
  std::chrono::nanoseconds time_limit{0};   ///< 0: none
};

/// How it ended.
struct HostCommandEnd {
  process::ExitStatus status;
  std::string output = {};    ///< when it was captured
  bool is_truncated = false;  ///< there was more of it
  bool is_late = false;       ///< its time limit has passed
};

/// What a program of ours ends with that a step has asked for and that found nothing.
inline constexpr int kNothingFound = 3;

/// As it goes to the plugin: "EXIT_STATUS SIGNAL IS_TRUNCATED IS_LATE", LF, the output.
std::string encode_command_end(const HostCommandEnd& end);

}  // namespace ostler::plugin_host
