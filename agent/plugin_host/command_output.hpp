// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "base/unique_fd.hpp"
#include "plugin_host/step_log.hpp"

namespace ostler::plugin_host {

/// The readable end of what a command writes to: carries it into the log line by line, or keeps it.
/// Runs on: one thread.
class CommandOutput {
 public:
  /// Takes the end, non-blocking. Requires: `log` outlives it.
  CommandOutput(const boost::asio::any_io_executor& executor, UniqueFd readable, StepLog& log,
                bool is_kept);
  ~CommandOutput();

  /// Until the last writer is gone, or finish() was called and what was written then is carried.
  boost::asio::awaitable<void> carry();
  /// The command has ended: nobody waits for what its children may write later.
  void finish();

  std::string& kept() { return kept_; }
  bool is_truncated() const { return is_truncated_; }

 private:
  enum class Reading { Some, Nothing, Ended };
  Reading read_some();
  void take(std::string_view bytes);
  void say(std::string_view bytes);

  struct Pipe;
  std::unique_ptr<Pipe> pipe_;
  StepLog& log_;
  std::unique_ptr<StepStream> stream_;
  bool is_kept_;
  bool is_finished_ = false;
  bool is_truncated_ = false;
  std::size_t left_over_ = 0;  ///< bytes that came after finish()
  std::string kept_;           ///< all of it, or the line that has no end yet
};

}  // namespace ostler::plugin_host
