// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>

namespace ostler::net {

/// How loops wait, so that tests need not.
class Timers {
 public:
  virtual ~Timers() = default;
  /// Waits on the caller's executor. False when it was cancelled first.
  virtual boost::asio::awaitable<bool> sleep(std::chrono::nanoseconds duration) = 0;
};

/// Really waits.
class SystemTimers final : public Timers {
 public:
  boost::asio::awaitable<bool> sleep(std::chrono::nanoseconds duration) override;
};

/// Whether the coroutine that asks was cancelled.
boost::asio::awaitable<bool> is_cancelled();

}  // namespace ostler::net
