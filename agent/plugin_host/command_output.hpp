// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>

#include "base/unique_fd.hpp"
#include "plugin_host/command_sink.hpp"

namespace ostler::plugin_host {

/// The readable end of what a command writes to. Runs on: one thread.
class CommandOutput {
 public:
  /// Takes the end, non-blocking.
  CommandOutput(const boost::asio::any_io_executor& executor, UniqueFd readable,
                std::shared_ptr<CommandSink> sink);
  ~CommandOutput();

  /// Carries it, until the last writer is gone, or finish() was called and what was written then is
  /// carried.
  boost::asio::awaitable<void> carry();
  /// The command has ended: nobody waits for what its children may write later.
  void finish();

 private:
  enum class Reading { Some, Nothing, Ended };
  Reading read_some();

  struct Pipe;
  std::unique_ptr<Pipe> pipe_;
  std::shared_ptr<CommandSink> sink_;
  bool is_finished_ = false;
  std::size_t left_over_ = 0;  ///< bytes that came after finish()
};

}  // namespace ostler::plugin_host
