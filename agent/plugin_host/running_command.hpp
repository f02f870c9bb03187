// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/async_event.hpp"
#include "net/task_group.hpp"
#include "plugin_host/command_input.hpp"
#include "plugin_host/command_output.hpp"
#include "plugin_host/host_command.hpp"
#include "process/spawn.hpp"

namespace ostler::plugin_host {

/// A program of a plugin, a child of this process in a process group of its own, which ends with
/// its leader. Runs on: the executor, which must be a strand or have one thread.
class RunningCommand : public std::enable_shared_from_this<RunningCommand> {
 public:
  /// Requires: follow() has returned before `tasks` goes.
  RunningCommand(const boost::asio::any_io_executor& executor, net::TaskGroup& tasks,
                 HostCommand command, int stop_signal);
  ~RunningCommand();

  /// Errors: as process::spawn.
  Result<void> start(StepLog& log, const CommandPlace& place, std::vector<std::string> environment);
  /// Until it has ended and what it wrote is carried. One that SIGKILL does not end is left alone
  /// some seconds later, and the log says so.
  boost::asio::awaitable<void> follow(StepLog& log);

  /// Asks it to end, and kills it when the grace is over. The first reason counts.
  void stop(Error why, std::chrono::nanoseconds grace);
  void kill(Error why);
  /// To its process group, and to itself where it has left that. Errors: Conflict: it has ended.
  Result<void> signal(int number);

  /// What it reads, when that is open.
  const std::shared_ptr<CommandInput>& input() const { return input_; }
  /// By us, for that.
  const std::optional<Error>& stopped() const { return stopped_; }
  bool is_ours() const { return command_.is_ours; }
  /// With its children that it has waited for. Requires: follow() has returned.
  std::chrono::microseconds processor() const { return processor_; }
  /// None: it runs.
  const std::optional<HostCommandEnd>& end() const { return end_; }
  /// `end` is there.
  net::AsyncEvent& ended() { return ended_; }

 private:
  struct Timers;

  Result<UniqueFd> open_input();
  std::shared_ptr<CommandSink> output_sink(StepLog& log);
  void watch_time();
  Result<void> watch_leader();
  void kill_now();
  boost::asio::awaitable<void> wait_for_leader();
  process::ExitStatus leave_behind(StepLog& log);
  void note_end(process::ExitStatus status);

  boost::asio::any_io_executor executor_;
  net::TaskGroup& tasks_;
  HostCommand command_;
  int stop_signal_;
  std::optional<process::Child> child_;
  std::shared_ptr<KeptOutput> kept_;
  std::vector<std::unique_ptr<CommandOutput>> outputs_;
  std::shared_ptr<CommandInput> input_;
  std::unique_ptr<Timers> timers_;
  std::optional<Error> stopped_;
  bool is_killed_ = false;
  std::chrono::microseconds processor_{};
  std::optional<HostCommandEnd> end_;
  net::AsyncEvent ended_;
};

}  // namespace ostler::plugin_host
