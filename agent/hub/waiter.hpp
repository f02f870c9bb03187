// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>

namespace ostler::hub {

/// One coroutine's wait, which any thread can end.
class Waiter {
 public:
  /// `executor` is the strand of the coroutine that waits; what `wake` posts there must not run
  /// beside it, or is lost.
  explicit Waiter(const boost::asio::any_io_executor& executor);
  ~Waiter();
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  /// Returns after `wake` (also one from before the call, which it uses up), after `limit`, or
  /// when the coroutine is cancelled with a strength that it has enabled.
  /// Requires: the coroutine runs on the strand of this, which is asserted.
  boost::asio::awaitable<void> wait(std::chrono::nanoseconds limit);

  /// Thread-safe.
  void wake();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// Makes the running coroutine end its waits when it is cancelled with `total`.
boost::asio::awaitable<void> enable_total_cancellation();
/// Whether the running coroutine has been cancelled with a strength that it has enabled.
boost::asio::awaitable<bool> is_cancelled();

/// The executor of the running coroutine.
boost::asio::awaitable<boost::asio::any_io_executor> this_executor();

}  // namespace ostler::hub
