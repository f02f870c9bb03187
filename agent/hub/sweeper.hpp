// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>

#include "base/clock.hpp"
#include "hub/changes.hpp"
#include "hub/clock_watch.hpp"
#include "hub/waiter.hpp"
#include "store/store.hpp"

namespace ostler::hub {

/// Lets the store apply what time has done: leases, timeouts, agents gone silent.
class Sweeper {
 public:
  /// `executor`: where `run` lives.
  Sweeper(const boost::asio::any_io_executor& executor, store::Store& store, const Clock& clock,
          Changes& changes, std::chrono::milliseconds interval = std::chrono::seconds(1))
      : store_(store), clock_(clock), changes_(changes), interval_(interval), pause_(executor) {}

  /// Sweeps until `stop`.
  boost::asio::awaitable<void> run();
  void stop();

 private:
  boost::asio::awaitable<bool> sweep_once();

  store::Store& store_;
  ClockWatch clock_;
  Changes& changes_;
  std::chrono::milliseconds interval_;
  Waiter pause_;
  std::atomic<bool> stopping_ = false;
};

}  // namespace ostler::hub
