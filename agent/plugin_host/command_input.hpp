// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "base/unique_fd.hpp"
#include "net/task_group.hpp"
#include "plugin_host/step_services.hpp"

namespace ostler::plugin_host {

/// The writable end of what a command reads, which is given piece by piece. Runs on: one thread.
class CommandInput : public std::enable_shared_from_this<CommandInput> {
 public:
  /// Takes the end, non-blocking. Requires: SIGPIPE is ignored; the tasks are joined while that
  /// group lives.
  CommandInput(const boost::asio::any_io_executor& executor, UniqueFd writable,
               net::TaskGroup& tasks);
  ~CommandInput();

  /// Answers when all is in the pipe. Errors: Conflict: it was closed, the command reads no more,
  /// or another write has not been answered.
  void write(std::string bytes, CallDone done);
  /// Nobody waits any more for what write() has begun; what is not in the pipe stays out.
  void break_off();
  void close();

 private:
  struct Pipe;
  static boost::asio::awaitable<void> carry(std::shared_ptr<CommandInput> self, std::string bytes,
                                            CallDone done);
  std::unique_ptr<Pipe> pipe_;
  net::TaskGroup& tasks_;
  bool is_busy_ = false;
};

}  // namespace ostler::plugin_host
