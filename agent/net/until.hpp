// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <utility>

#include "net/async_event.hpp"
#include "net/task_group.hpp"

namespace ostler::net {

template <class T>
boost::asio::awaitable<void> keep_result(boost::asio::awaitable<T> task, std::optional<T>& into,
                                         AsyncEvent& over) {
  into = co_await std::move(task);
  over.set();
}

inline boost::asio::awaitable<void> pass_on(AsyncEvent& from, AsyncEvent& to) {
  if (co_await from.wait()) to.set();
}

/// Runs `task`, and cancels it when `stop` happens or the caller is cancelled: its result, or what
/// it makes of the cancel. Runs on: the strand of `stop`, which outlives the call.
template <class T>
boost::asio::awaitable<T> until(AsyncEvent& stop, boost::asio::awaitable<T> task) {
  std::optional<T> result;
  AsyncEvent over(stop.executor());
  TaskGroup group(stop.executor());
  group.spawn(keep_result(std::move(task), result, over));
  group.spawn(pass_on(stop, over));
  co_await over.wait();
  group.cancel();
  co_await group.join();
  co_return std::move(*result);
}

}  // namespace ostler::net
