// SPDX-License-Identifier: Apache-2.0
#include "net/task_group.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <vector>

#include "base/assert.hpp"

namespace ostler::net {
namespace {

namespace asio = boost::asio;

asio::awaitable<void> without_throwing(asio::awaitable<void> task) {
  co_await asio::this_coro::throw_if_cancelled(false);
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  co_await std::move(task);
}

}  // namespace

TaskGroup::TaskGroup(asio::any_io_executor executor)
    : executor_(std::move(executor)), ended_(executor_, asio::steady_timer::time_point::max()) {}

TaskGroup::~TaskGroup() { OSTLER_ASSERT(running_.empty()); }

void TaskGroup::spawn(asio::awaitable<void> task) {
  const auto mine = running_.emplace(running_.end());
  // The end is posted: the signal must not go while the frames that refer to it unwind.
  auto on_end = [this, mine](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
    asio::post(executor_, [this, mine] {
      running_.erase(mine);
      if (running_.empty()) ended_.cancel();
    });
  };
  asio::co_spawn(executor_, without_throwing(std::move(task)),
                 asio::bind_cancellation_slot(mine->slot(), std::move(on_end)));
}

void TaskGroup::cancel() {
  std::vector<asio::cancellation_signal*> now;
  for (auto& signal : running_) now.push_back(&signal);
  for (auto* signal : now) signal->emit(asio::cancellation_type::terminal);
}

asio::awaitable<void> TaskGroup::join() {
  while (!running_.empty()) co_await ended_.async_wait(asio::as_tuple(asio::use_awaitable));
}

}  // namespace ostler::net
