// SPDX-License-Identifier: Apache-2.0
#include "net/task_group.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <list>
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

struct TaskGroup::Running {
  explicit Running(asio::any_io_executor on)
      : executor(std::move(on)), ended(executor, asio::steady_timer::time_point::max()) {}

  asio::any_io_executor executor;
  std::list<asio::cancellation_signal> tasks;
  asio::steady_timer ended;  ///< cancelled when the last task ends
};

TaskGroup::TaskGroup(asio::any_io_executor executor)
    : running_(std::make_unique<Running>(std::move(executor))) {}

TaskGroup::~TaskGroup() { OSTLER_ASSERT(running_->tasks.empty()); }

bool TaskGroup::empty() const { return running_->tasks.empty(); }

void TaskGroup::spawn(asio::awaitable<void> task) {
  Running& running = *running_;
  const auto mine = running.tasks.emplace(running.tasks.end());
  // The end is posted: the signal must not go while the frames that refer to it unwind.
  auto on_end = [&running, mine](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
    asio::post(running.executor, [&running, mine] {
      running.tasks.erase(mine);
      if (running.tasks.empty()) running.ended.cancel();
    });
  };
  asio::co_spawn(running.executor, without_throwing(std::move(task)),
                 asio::bind_cancellation_slot(mine->slot(), std::move(on_end)));
}

void TaskGroup::cancel() {
  std::vector<asio::cancellation_signal*> now;
  for (auto& signal : running_->tasks) now.push_back(&signal);
  for (auto* signal : now) signal->emit(asio::cancellation_type::terminal);
}

asio::awaitable<void> TaskGroup::join() {
  while (!running_->tasks.empty()) {
    co_await running_->ended.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

}  // namespace ostler::net
