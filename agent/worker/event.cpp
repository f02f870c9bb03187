// SPDX-License-Identifier: Apache-2.0
#include "worker/event.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "base/assert.hpp"

namespace ostler::worker {

namespace asio = boost::asio;

struct Event::Timer {
  asio::steady_timer timer;
};

Event::Event(const asio::any_io_executor& executor)
    : timer_(std::make_unique<Timer>(
          Timer{asio::steady_timer(executor, asio::steady_timer::time_point::max())})) {}
Event::~Event() = default;

void Event::notify() { timer_->timer.cancel(); }

asio::awaitable<void> Event::wait() {
  co_await timer_->timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

TaskGroup::TaskGroup(const asio::any_io_executor& executor)
    : executor_(executor), ended_(executor) {}

TaskGroup::~TaskGroup() { OSTLER_ASSERT(running_ == 0); }

void TaskGroup::spawn(asio::awaitable<void> task) {
  ++running_;
  asio::co_spawn(executor_, std::move(task), [this](const std::exception_ptr& fault) {
    if (fault) std::terminate();
    if (--running_ == 0) ended_.notify();
  });
}

asio::awaitable<void> TaskGroup::join() {
  while (running_ > 0) co_await ended_.wait();
}

}  // namespace ostler::worker
