// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>
#include <functional>

#include "base/result.hpp"

namespace ostler::hub {

/// Threads for calls that block on files. Each caller waits for its call, so that no more is
/// queued than there are requests.
class BlockingPool {
 public:
  explicit BlockingPool(std::size_t threads) : threads_(threads) {}

  /// Runs `work` on one of the threads; it may refer to what the caller owns.
  /// Cancel: ignored; `work` runs to its end.
  boost::asio::awaitable<Result<void>> run(std::function<Result<void>()> work);

 private:
  boost::asio::thread_pool threads_;
};

}  // namespace ostler::hub
