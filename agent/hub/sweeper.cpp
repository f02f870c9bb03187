// SPDX-License-Identifier: Apache-2.0
#include "hub/sweeper.hpp"

#include "diag/log.hpp"
#include "hub/sweep_log.hpp"

namespace ostler::hub {

boost::asio::awaitable<void> Sweeper::run() {
  while (!stopping_) {
    const bool more = co_await sweep_once();
    if (!more) co_await pause_.wait(interval_);
  }
}

void Sweeper::stop() {
  stopping_ = true;
  pause_.wake();
}

boost::asio::awaitable<bool> Sweeper::sweep_once() {
  const ClockWatch::Reading time = clock_.read();
  const auto result = co_await store_.sweep({.now = time.now, .jump = time.jump});
  if (!result) {
    diag::warn("cannot sweep, trying again", {{"error", result.error().message()}});
    co_return false;
  }
  if (time.jump.count() != 0) {
    const auto by = std::chrono::duration_cast<std::chrono::seconds>(time.jump);
    diag::warn("the clock was set, leases and timeouts go on as if it had not been",
               {{"by_s", std::to_string(by.count())}});
  }
  clock_.settle(time);
  log_sweep(result.value());
  changes_.changed(result.value().follow_ups);
  co_return result.value().more;
}

}  // namespace ostler::hub
