// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>

namespace ostler::support {

template <class T>
boost::asio::awaitable<void> keep(boost::asio::awaitable<T> task, std::optional<T>& into) {
  into.emplace(co_await std::move(task));
}

/// Runs a coroutine to its end on `io`, with everything else that is on it.
template <class T>
T run_task(boost::asio::io_context& io, boost::asio::awaitable<T> task) {
  std::optional<T> result;
  boost::asio::co_spawn(io, keep(std::move(task), result), boost::asio::detached);
  io.restart();
  io.run();
  return std::move(*result);
}

}  // namespace ostler::support
