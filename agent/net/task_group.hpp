// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>

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
  bool empty() const;

 private:
  struct Running;
  std::unique_ptr<Running> running_;
};

}  // namespace ostler::net
