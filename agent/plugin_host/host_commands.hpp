// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "net/task_group.hpp"
#include "plugin_host/host_command.hpp"
#include "plugin_host/step_log.hpp"

namespace ostler::plugin_host {

/// Where a plugin's commands run.
struct CommandPlace {
  std::string directory = {};
  int stop_signal = SIGTERM;  ///< what a command gets before it is killed
};

/// The programs that one plugin runs outside its box: children of this process, each in a process
/// group of its own, which ends with its leader. Runs on: the executor, which must be a strand or
/// have one thread.
class HostCommands {
 public:
  /// Takes the answer to the plugin, and returns when it is on its way.
  using Done = std::function<boost::asio::awaitable<void>(Result<std::string>)>;

  /// Requires: `log` outlives it.
  HostCommands(const boost::asio::any_io_executor& executor, StepLog& log);
  /// Requires: end() has returned.
  ~HostCommands();

  /// Starts a command; `done` is called when it has ended and what it wrote is carried.
  /// Errors: as process::spawn; Cancelled; Unavailable when many run. `done` is not called then.
  Result<void> start(HostCommand command, const CommandPlace& place,
                     std::vector<std::string> environment, Done done);

  /// The job was cancelled: those that run are stopped, and others refused until begin_cleanup().
  /// `rest`: until the plugin is killed.
  void cancel(std::chrono::nanoseconds rest);
  void begin_cleanup();
  /// Kills all, and starts no more.
  void kill();
  /// Waits until nothing is left of them. Requires: kill() was called.
  boost::asio::awaitable<void> end();

 private:
  struct Running;
  boost::asio::awaitable<void> follow(std::shared_ptr<Running> running);

  boost::asio::any_io_executor executor_;
  StepLog& log_;
  net::TaskGroup tasks_;
  std::vector<std::shared_ptr<Running>> running_;
  bool is_cancelled_ = false;  ///< and not cleaning up
  bool is_over_ = false;
};

}  // namespace ostler::plugin_host
