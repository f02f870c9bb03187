// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <list>
#include <utility>

namespace ostler::net {

/// Something that happens, and that coroutines wait for.
/// Runs on: the executor it was made with, which must be a strand or have one thread.
class AsyncEvent {
 public:
  explicit AsyncEvent(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

  const boost::asio::any_io_executor& executor() const { return executor_; }

  /// Says that it has happened: wakes all who wait, and later ones do not wait.
  void set();
  /// Forgets that it has happened.
  void reset() { set_ = false; }
  bool is_set() const { return set_; }

  /// Waits until it has happened; false when `limit` passed, or the caller was cancelled, first.
  /// A wait that a set() has woken may find it reset, and is then false as well.
  boost::asio::awaitable<bool> wait(
      std::chrono::steady_clock::duration limit = std::chrono::steady_clock::duration::max());

 private:
  struct Waiter;

  boost::asio::any_io_executor executor_;
  std::list<Waiter*> waiting_;  ///< one for each coroutine inside wait()
  bool set_ = false;
};

}  // namespace ostler::net
