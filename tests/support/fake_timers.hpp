// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "net/timers.hpp"

namespace ostler::support {

/// Waits for nothing and remembers how long it should have been.
class FakeTimers final : public net::Timers {
 public:
  boost::asio::awaitable<bool> sleep(std::chrono::nanoseconds duration) override {
    slept.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(duration));
    co_return !co_await net::is_cancelled();
  }
  std::vector<std::chrono::milliseconds> slept;
};

}  // namespace ostler::support
