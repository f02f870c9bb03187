// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "hub/blocking_pool.hpp"
#include "hub/disk_guard.hpp"
#include "hub/rest_api/call.hpp"
#include "hub/waiter.hpp"
#include "store/store.hpp"

namespace ostler::hub {

/// Makes the builds that trigger steps ask for, one after the other. Which are wanted is in the
/// store, and a build is made in the transaction in which its trigger gets it: a hub that is killed
/// at any moment neither loses nor doubles one.
class TriggerDriver {
 public:
  struct Settings {
    std::string public_url;
    std::size_t most_jobs = 4'000;
  };
  /// `executor`: where `run` lives. All that is referred to outlives this.
  TriggerDriver(const boost::asio::any_io_executor& executor, store::Store& store,
                const Clock& clock, BlockingPool& blocking, DiskGuard& disk, Settings settings);

  /// Makes builds until `stop`, and tells `listener` of what it has done.
  boost::asio::awaitable<void> run(rest_api::ChangeListener& listener);
  void stop();

  /// Thread-safe.
  void changed(const std::vector<JobId>& triggers);

 private:
  boost::asio::awaitable<bool> make_some(rest_api::ChangeListener& listener);
  boost::asio::awaitable<Result<store::FollowUps>> make(JobId job);

  store::Store& store_;
  const Clock& clock_;
  BlockingPool& blocking_;
  DiskGuard& disk_;
  Settings settings_;
  Waiter work_;
  std::atomic<bool> stopping_ = false;
};

}  // namespace ostler::hub
