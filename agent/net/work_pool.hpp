// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>

namespace boost::asio {
class thread_pool;
}

namespace ostler::net {

/// A few threads for what blocks or computes long. None of them exists before the first work.
/// Runs on: one strand.
class WorkPool {
 public:
  explicit WorkPool(unsigned most_threads = 4);
  /// Waits for the work under way.
  ~WorkPool();
  WorkPool(const WorkPool&) = delete;
  WorkPool& operator=(const WorkPool&) = delete;

  /// Returns on the caller's executor once a thread has called `work`. See offload for results.
  boost::asio::awaitable<void> run(std::function<void()> work);

 private:
  unsigned most_threads_;
  std::unique_ptr<boost::asio::thread_pool> threads_;
};

}  // namespace ostler::net
