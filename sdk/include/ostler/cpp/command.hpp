// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostler/abi.h>
#include <ostler/command.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <ostler/cpp/call.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Programs outside the box: the service `command` of ostler/command.h.
namespace ostler {

/// A program to run; see ostler_command_options.
struct Command {
  std::vector<std::string> arguments;      ///< the program first
  std::string input = {};                  ///< what it reads
  bool capture = false;                    ///< of run(): keeps its output from the log, for the end
  std::chrono::nanoseconds time_limit{0};  ///< 0: none
  bool confined = false;                   ///< under the profile workspace, whatever is permitted
};

/// What of a program that was started the plugin writes and reads itself.
struct CommandStreams {
  bool input = false;
  bool output = false;
  bool errors = false;
};

/// How it ended.
struct CommandEnd {
  int exit_status = 0;  ///< -1 when a signal ended it
  int signal = 0;       ///< 0: none
  std::string output = {};
  bool is_truncated = false;  ///< there was more output
  bool is_late = false;       ///< its time limit has passed

  bool passed() const { return exit_status == 0; }
};

/// A program that was started. One that still runs when this goes is killed. Its functions throw
/// CallFailed.
class RunningCommand {
 public:
  RunningCommand(const ostler_host_t* host, std::string name)
      : host_(host), name_(std::move(name)) {}
  RunningCommand(RunningCommand&& other) noexcept
      : host_(other.host_), name_(std::exchange(other.name_, {})) {}
  RunningCommand& operator=(RunningCommand&&) = delete;
  ~RunningCommand() {
    if (!name_.empty()) ostler_command_close(host_, to_text(name_), nullptr);
  }

  /// Returns when all of it is on its way; a text may be of any length.
  void write(std::string_view text) {
    constexpr std::size_t kMost = 128 << 10;
    for (std::size_t at = 0; at < text.size(); at += kMost) {
      detail::Kept error;
      const auto piece = to_text(text.substr(at, kMost));
      detail::require(ostler_command_write(host_, to_text(name_), piece, error.sink()), error);
    }
  }
  /// No more comes.
  void close_input() {
    detail::Kept error;
    detail::require(ostler_command_close_input(host_, to_text(name_), error.sink()), error);
  }
  /// The next bytes, as soon as some are there; none at the end.
  std::string read_output() { return read(false); }
  std::string read_errors() { return read(true); }
  /// To its process group.
  void signal(int number) {
    detail::Kept error;
    detail::require(ostler_command_signal(host_, to_text(name_), number, error.sink()), error);
  }
  /// Until it has ended. Works as often as you like.
  CommandEnd wait() { return *wait_until_end(std::chrono::nanoseconds(0)); }
  /// None: it runs longer.
  std::optional<CommandEnd> wait_for(std::chrono::nanoseconds limit) {
    return wait_until_end(std::max(limit, std::chrono::nanoseconds(1)));
  }

 private:
  std::string read(bool of_errors) {
    detail::Kept piece;
    detail::Kept error;
    detail::require(
        ostler_command_read(host_, to_text(name_), of_errors ? 1 : 0, piece.sink(), error.sink()),
        error);
    return std::move(piece).text();
  }
  std::optional<CommandEnd> wait_until_end(std::chrono::nanoseconds limit) {
    ostler_command_end_t end{};
    end.struct_size = sizeof end;
    detail::Kept error;
    const auto status =
        ostler_command_wait(host_, to_text(name_), limit.count(), &end, error.sink());
    if (status == OSTLER_TIMEOUT) return std::nullopt;
    detail::require(status, error);
    return CommandEnd{
        .exit_status = end.exit_status, .signal = end.signal, .is_late = end.is_late != 0};
  }

  const ostler_host_t* host_;
  std::string name_;  ///< empty: moved away
};

class CommandRunner {
 public:
  explicit CommandRunner(const ostler_host_t* host) : host_(host) {}

  /// Runs it to its end. Throws CallFailed when it could not be started, and when it was stopped:
  /// OSTLER_TIMEOUT, OSTLER_CANCELLED.
  CommandEnd run(const Command& command) const {
    const std::vector<ostler_text_t> arguments = words_of(command);
    ostler_command_options_t options = options_of(command, arguments);
    options.reads_output = command.capture ? 1 : 0;
    ostler_command_end_t end{};
    end.struct_size = sizeof end;
    detail::Kept output;
    detail::Kept error;
    detail::require(ostler_command_run(host_, &options, &end, output.sink(), error.sink()), error);
    return {.exit_status = end.exit_status,
            .signal = end.signal,
            .output = std::move(output).text(),
            .is_truncated = end.is_truncated != 0};
  }

  /// Starts it and returns. Throws CallFailed when it could not be started.
  RunningCommand start(const Command& command, const CommandStreams& streams = {}) const {
    const std::vector<ostler_text_t> arguments = words_of(command);
    ostler_command_options_t options = options_of(command, arguments);
    options.reads_output = streams.output ? 1 : 0;
    options.reads_errors = streams.errors ? 1 : 0;
    options.open_input = streams.input ? 1 : 0;
    detail::Kept name;
    detail::Kept error;
    detail::require(ostler_command_start(host_, &options, name.sink(), error.sink()), error);
    return {host_, std::move(name).text()};
  }

 private:
  static std::vector<ostler_text_t> words_of(const Command& command) {
    std::vector<ostler_text_t> words;
    for (const std::string& word : command.arguments) words.push_back(to_text(word));
    return words;
  }
  static ostler_command_options_t options_of(const Command& command,
                                             const std::vector<ostler_text_t>& arguments) {
    ostler_command_options_t options{};
    options.struct_size = sizeof options;
    options.arguments = arguments.data();
    options.argument_count = arguments.size();
    options.input = to_text(command.input);
    options.time_limit_ns = command.time_limit.count();
    options.is_confined = command.confined ? 1 : 0;
    return options;
  }

  const ostler_host_t* host_;
};

}  // namespace ostler
