// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <filesystem>
#include <vector>

#include "base/clock.hpp"
#include "hub/blocking_pool.hpp"
#include "hub/clock_watch.hpp"
#include "hub/rest_api/call.hpp"
#include "hub/waiter.hpp"
#include "store/blob_store.hpp"
#include "store/store.hpp"

namespace ostler::hub {

/// Removes builds, logs and artifacts whose time is over: rows in slices that leave the store to
/// others in between, then files, unless a backup holds them.
class Housekeeper {
 public:
  struct Options {
    std::filesystem::path directory;  ///< of the hub
    store::RetentionTerms terms;
    std::chrono::milliseconds interval = std::chrono::minutes(1);
    std::chrono::milliseconds pause = std::chrono::milliseconds(10);  ///< between two slices
  };

  /// All that is referred to outlives it. `executor`: where `run` lives.
  Housekeeper(const boost::asio::any_io_executor& executor, store::Store& store,
              store::BlobStore& blobs, BlockingPool& blocking, const Clock& clock,
              rest_api::ChangeListener& listener, Options options)
      : store_(store),
        blobs_(blobs),
        blocking_(blocking),
        clock_(clock),
        listener_(listener),
        age_(clock),
        options_(std::move(options)),
        pause_(executor) {}

  /// Keeps house until `stop`.
  boost::asio::awaitable<void> run();
  void stop();

 private:
  boost::asio::awaitable<Result<void>> tidy();
  boost::asio::awaitable<Result<void>> remove_builds(Timestamp now);
  boost::asio::awaitable<Result<void>> remove(store::ExpiredBuild expired);
  boost::asio::awaitable<Result<void>> remove_files();
  Result<void> remove_each(std::vector<store::BlobName>& names);

  store::Store& store_;
  store::BlobStore& blobs_;
  BlockingPool& blocking_;
  const Clock& clock_;
  rest_api::ChangeListener& listener_;
  AgeTrust age_;
  const Options options_;
  Waiter pause_;
  std::atomic<bool> stopping_ = false;
};

}  // namespace ostler::hub
