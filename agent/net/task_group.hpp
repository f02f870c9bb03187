// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>

namespace ostler::net {

/// The coroutines that one object has started. Its owner joins them before it goes.
/// Runs on: the executor it was made with, which must be a strand or have one thread.
class TaskGroup {
 public:
  explicit TaskGroup(boost::asio::any_io_executor executor);
  /// Requires: no task runs.
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  /// Starts `task`. It must have turned its failures into state: an exception ends the program.
  /// A task is told of a cancel by its operations and net::is_cancelled(), never by an exception.
  void spawn(boost::asio::awaitable<void> task);
  /// Asks the tasks that run now to end; says nothing to later ones.
  void cancel();
  /// Waits until no task runs, whether or not the caller is cancelled.
  boost::asio::awaitable<void> join();
  bool empty() const { return running_.empty(); }

 private:
  using Running = std::list<boost::asio::cancellation_signal>;

  boost::asio::any_io_executor executor_;
  Running running_;
  boost::asio::steady_timer ended_;  ///< cancelled when the last task ends
};

}  // namespace ostler::net
