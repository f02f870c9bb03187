// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/task_group.hpp"
#include "plugin_host/box_usage.hpp"
#include "plugin_host/running_command.hpp"

namespace ostler::plugin_host {

/// The programs that one plugin runs outside its box. Runs on: the executor, which must be a strand
/// or have one thread.
class HostCommands {
 public:
  /// Told when a command has ended and what it wrote is carried; of one that we have stopped, why.
  using Done = std::function<void(Result<HostCommandEnd>)>;

  /// Requires: `log` outlives it.
  HostCommands(const boost::asio::any_io_executor& executor, StepLog& log);
  /// Requires: end() has returned.
  ~HostCommands();

  /// Starts a command. `done`: may be none.
  /// Errors: as process::spawn; Cancelled; Unavailable when many run. `done` is not called then.
  Result<std::shared_ptr<RunningCommand>> start(HostCommand command, const CommandPlace& place,
                                                std::vector<std::string> environment, Done done);

  /// Starts it when those that were so started before have ended, for programs that may be large.
  /// `done` is told of what keeps it from starting, too.
  void start_in_turn(HostCommand command, const CommandPlace& place, Done done);

  /// The job was cancelled: those that run are stopped, and others refused until begin_cleanup().
  /// `rest`: until the plugin is killed.
  void cancel(std::chrono::nanoseconds rest);
  void begin_cleanup();
  /// Kills all, and starts no more.
  void kill();
  /// Waits until nothing is left of them. Requires: kill() was called.
  boost::asio::awaitable<void> end();
  /// Of those that have ended; not of those that are ours.
  const CommandUsage& usage() const { return usage_; }

 private:
  struct Turn {
    HostCommand command;
    CommandPlace place;
    Done done;
  };

  void begin_turns();
  void give_up_turns();
  boost::asio::awaitable<void> follow(std::shared_ptr<RunningCommand> running, Done done);

  boost::asio::any_io_executor executor_;
  StepLog& log_;
  net::TaskGroup tasks_;
  std::vector<std::shared_ptr<RunningCommand>> running_;
  std::deque<Turn> turns_;
  CommandUsage usage_;
  bool has_turn_ = false;      ///< one of them runs
  bool is_cancelled_ = false;  ///< and not cleaning up
  bool is_over_ = false;
};

}  // namespace ostler::plugin_host
