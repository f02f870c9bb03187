// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>

namespace ostler::worker {

/// Wakes the coroutines that wait for something. Runs on: one thread.
class Event {
 public:
  explicit Event(const boost::asio::any_io_executor& executor);
  ~Event();

  /// Wakes every coroutine that waits now.
  void notify();
  /// Waits for the next notify; the caller asks again whether what it waits for is so.
  boost::asio::awaitable<void> wait();

 private:
  struct Timer;
  std::unique_ptr<Timer> timer_;
};

/// Coroutines that their owner waits for. Runs on: one thread.
class TaskGroup {
 public:
  explicit TaskGroup(const boost::asio::any_io_executor& executor);
  /// Requires: every task has ended.
  ~TaskGroup();

  void spawn(boost::asio::awaitable<void> task);
  /// Waits until every task has ended.
  boost::asio::awaitable<void> join();

 private:
  boost::asio::any_io_executor executor_;
  int running_ = 0;
  Event ended_;
};

}  // namespace ostler::worker
