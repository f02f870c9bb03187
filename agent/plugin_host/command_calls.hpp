// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "net/task_group.hpp"
#include "plugin_host/host_commands.hpp"
#include "plugin_host/open_calls.hpp"

namespace ostler::plugin_host {

/// The service `command`: programs that a plugin runs to their end, and those that it has started
/// and knows by a name. agent/docs/box-protocol.md has methods and arguments.
/// Runs on: the executor, which must be a strand or have one thread.
class CommandCalls {
 public:
  using Arguments = std::vector<std::string>;

  static constexpr std::string_view kId = "ostler.command/1";

  /// Requires: `commands` outlives it.
  CommandCalls(const boost::asio::any_io_executor& executor, HostCommands& commands);
  /// Requires: end() has returned.
  ~CommandCalls();

  /// What a cancel means for a call of that method, without the id before it.
  static AtCancel at_cancel(const std::string& method);

  /// `services`: of the plugin, which say what variables a command gets.
  void begin(const std::string& method, Arguments arguments, const CommandPlace& place,
             const StepServices& services, CallDone done);
  /// Nobody waits any more for what reads and writes have begun.
  void break_off();
  /// Requires: all commands have ended.
  boost::asio::awaitable<void> end();

 private:
  struct Open;
  struct Start;
  using Program = std::shared_ptr<RunningCommand>;

  void start(const std::string& method, Start what, CallDone done);
  void start_open(Start what, CallDone done);
  void close(const std::string& name, CallDone done);
  void use(const std::string& method, Open& open, Arguments& arguments, CallDone done);
  static boost::asio::awaitable<void> wait(Program program, std::chrono::milliseconds limit,
                                           CallDone done);
  static boost::asio::awaitable<void> wait_for_close(Program program, CallDone done);

  boost::asio::any_io_executor executor_;
  HostCommands& commands_;
  std::uint32_t last_name_ = 0;
  std::map<std::string, Open> open_;
  net::TaskGroup tasks_;
};

}  // namespace ostler::plugin_host
