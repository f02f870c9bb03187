// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <memory>

#include "base/unique_fd.hpp"
#include "plugin_host/step_log.hpp"

namespace ostler::plugin_host {

/// What a box writes to its standard streams, on its way into the log.
/// Runs on: the executor, which must be a strand or have one thread.
class BoxOutput {
 public:
  /// Requires: `log` outlives it.
  BoxOutput(const boost::asio::any_io_executor& executor, StepLog& log);
  ~BoxOutput();

  /// The end of the pipe that we read, which must not block.
  void adopt(UniqueFd pipe);
  /// Carries until the last writer is gone, or cancel().
  boost::asio::awaitable<void> carry();
  void cancel();
  /// The box is gone: carries what is still in the pipe. Requires: carry() has returned.
  boost::asio::awaitable<void> carry_rest();

 private:
  struct Pipe;
  bool carry_some(std::size_t& carried);

  StepLog& log_;
  std::unique_ptr<Pipe> pipe_;
  bool is_over_ = false;
};

}  // namespace ostler::plugin_host
