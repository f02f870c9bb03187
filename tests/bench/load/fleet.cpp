// SPDX-License-Identifier: Apache-2.0
#include "bench/load/fleet.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "bench/load/end_on_failure.hpp"

namespace ostler::bench {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kAtOnce = 32;  ///< agents that register at the same time

}  // namespace

Fleet::Fleet(const support::HubProcess& hub, std::size_t size, JobPlan plan)
    : hub_(hub),
      plan_(std::move(plan)),
      work_(context_.get_executor()),
      registration_token_(hub.agent_token()),
      wanted_(size) {
  plan_.on_start = [this](const StartedJob& job) {
    if (!plan_.awaits_cancel) return;
    const std::lock_guard lock(mutex_);
    started_.push_back(job);
    changed_.notify_all();
  };
  plan_.on_finish = [this](const JobTimes& times) {
    const std::lock_guard lock(mutex_);
    finished_.push_back(times);
    changed_.notify_all();
  };
  for (std::size_t i = 0; i < size; ++i) {
    agents_.emplace_back(context_.get_executor(), hub_.port(), plan_);
  }
  for (std::size_t i = 0; i < std::min(size, kAtOnce); ++i) {
    asio::co_spawn(context_, connect_some(), end_on_failure);
  }
  thread_ = std::thread([this] { context_.run(); });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return connected_ == wanted_; });
}

Fleet::~Fleet() {
  context_.stop();
  thread_.join();
}

asio::awaitable<void> Fleet::connect_some() {
  while (asked_ < wanted_) {
    LoadAgent& agent = agents_[asked_++];
    co_await agent.connect("load-" + std::to_string(asked_), registration_token_);
    asio::co_spawn(context_, agent.serve(), end_on_failure);
    const std::lock_guard lock(mutex_);
    ++connected_;
    changed_.notify_all();
  }
}

template <class Value>
Value Fleet::next(std::deque<Value>& from) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !from.empty(); });
  Value value = std::move(from.front());
  from.pop_front();
  return value;
}

std::vector<JobTimes> Fleet::take(std::size_t count) {
  std::vector<JobTimes> times;
  while (times.size() < count) times.push_back(next(finished_));
  return times;
}

StartedJob Fleet::next_started() { return next(started_); }

}  // namespace ostler::bench
