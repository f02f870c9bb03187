// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

#include "bench/load/load_agent.hpp"
#include "support/hub_process.hpp"

namespace ostler::bench {

/// Many who follow the events of one build, on one thread.
class Listeners {
 public:
  /// Opens `size` streams of what is at `path` below the organization, and returns when each has
  /// had `history` events.
  Listeners(const support::HubProcess& hub, std::string path, std::size_t size,
            std::uint64_t history);
  ~Listeners();

  struct Heard {
    std::uint64_t events = 0;  ///< by all together, without the history
    Moment last_end;           ///< when the last stream had ended
  };
  /// Waits until all streams have ended.
  Heard take();

 private:
  boost::asio::awaitable<void> listen(std::string request, std::uint16_t port);

  std::size_t size_;
  std::uint64_t history_;
  boost::asio::io_context context_{1};
  std::size_t ready_ = 0;  ///< had their history; guarded by mutex_, as what follows
  std::size_t ended_ = 0;
  std::uint64_t events_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::thread thread_;
};

}  // namespace ostler::bench
