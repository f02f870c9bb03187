// SPDX-License-Identifier: Apache-2.0
#include "net/work_pool.hpp"

#include <algorithm>
#include <boost/asio/thread_pool.hpp>
#include <thread>

namespace ostler::net {

WorkPool::WorkPool() = default;

WorkPool::~WorkPool() {
  if (threads_) threads_->join();
}

boost::asio::any_io_executor WorkPool::executor() {
  constexpr unsigned kMost = 4;
  if (!threads_) {
    const unsigned count = std::clamp(std::thread::hardware_concurrency(), 1u, kMost);
    threads_ = std::make_unique<boost::asio::thread_pool>(count);
  }
  return threads_->get_executor();
}

}  // namespace ostler::net
