// SPDX-License-Identifier: Apache-2.0
#include "hub/sweeper.hpp"

#include "diag/log.hpp"

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
  const auto result = co_await store_.sweep({clock_.now()});
  if (!result) {
    diag::warn("cannot sweep, trying again", {{"error", result.error().message()}});
    co_return false;
  }
  changes_.changed(result.value().follow_ups);
  co_return result.value().more;
}

}  // namespace ostler::hub
