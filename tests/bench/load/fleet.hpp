// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bench/load/load_agent.hpp"
#include "support/hub_process.hpp"

namespace ostler::bench {

/// Many agents of one hub, on one thread. They stay until the program ends the fleet.
class Fleet {
 public:
  /// Connects `size` agents and returns when all wait for jobs.
  Fleet(const support::HubProcess& hub, std::size_t size, JobPlan plan);
  ~Fleet();

  /// The times of the next `count` jobs that finish; in the order in which they did.
  std::vector<JobTimes> take(std::size_t count);
  /// The next job that started. Needs a plan that awaits the cancel.
  StartedJob next_started();

 private:
  boost::asio::awaitable<void> connect_some();
  template <class Value>
  Value next(std::deque<Value>& from);

  const support::HubProcess& hub_;
  JobPlan plan_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::string registration_token_;
  std::deque<LoadAgent> agents_;
  std::size_t asked_ = 0;  ///< how many agents began to connect; on the thread of context_
  std::size_t wanted_ = 0;
  std::size_t connected_ = 0;  ///< guarded by mutex_, as what follows
  std::deque<JobTimes> finished_;
  std::deque<StartedJob> started_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::thread thread_;
};

}  // namespace ostler::bench
