// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

namespace boost::asio {
class thread_pool;
}

namespace ostler::net {

/// A few threads for what blocks or computes long (see offload). None of them exists before the
/// first work. Runs on: one strand.
class WorkPool {
 public:
  WorkPool();
  /// Waits for the work under way.
  ~WorkPool();
  WorkPool(const WorkPool&) = delete;
  WorkPool& operator=(const WorkPool&) = delete;

  boost::asio::any_io_executor executor();

 private:
  std::unique_ptr<boost::asio::thread_pool> threads_;
};

}  // namespace ostler::net
