// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "net/async_event.hpp"
#include "plugin_host/step_log.hpp"
#include "plugin_host/step_services.hpp"

// Where what a command writes goes. Runs on: one thread.
namespace ostler::plugin_host {

class CommandSink {
 public:
  virtual ~CommandSink() = default;
  virtual void take(std::string_view bytes) = 0;
  /// Waits while much is on its way.
  virtual boost::asio::awaitable<void> room() = 0;
  /// The command has ended: it takes the little that is left whether or not there is room.
  virtual void hurry() {}
  /// Nothing comes any more.
  virtual void end() {}
};

/// Into the log, line by line: those of several commands, and of the plugin, are not mixed within a
/// line.
class LoggedOutput final : public CommandSink {
 public:
  /// Requires: `log` outlives it.
  explicit LoggedOutput(StepLog& log);
  void take(std::string_view bytes) override;
  boost::asio::awaitable<void> room() override { return log_.room(); }
  void end() override;

 private:
  StepLog& log_;
  std::unique_ptr<StepStream> stream_;
  std::string line_;  ///< that has no end yet
};

/// Kept until the command has ended, up to a bound.
class KeptOutput final : public CommandSink {
 public:
  void take(std::string_view bytes) override;
  boost::asio::awaitable<void> room() override { co_return; }

  std::string& kept() { return kept_; }
  bool is_truncated() const { return is_truncated_; }

 private:
  std::string kept_;
  bool is_truncated_ = false;
};

/// Handed on as somebody reads it; who does not read holds the command up.
class ReadOutput final : public CommandSink {
 public:
  explicit ReadOutput(const boost::asio::any_io_executor& executor) : has_room_(executor) {}
  void take(std::string_view bytes) override;
  boost::asio::awaitable<void> room() override;
  void hurry() override;
  void end() override;

  /// The next bytes, as soon as some are there; none at the end.
  void read(CallDone done);
  /// Nobody waits any more for what read() has begun.
  void break_off() { reader_ = nullptr; }
  /// Nobody will read.
  void discard();

 private:
  void answer_reader();

  std::string ahead_;  ///< what was not read
  CallDone reader_;
  bool is_over_ = false;
  bool is_hurried_ = false;
  bool is_discarded_ = false;
  net::AsyncEvent has_room_;
};

}  // namespace ostler::plugin_host
