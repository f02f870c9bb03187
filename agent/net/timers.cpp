// SPDX-License-Identifier: Apache-2.0
#include "net/timers.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ostler::net {
namespace asio = boost::asio;

asio::awaitable<bool> SystemTimers::sleep(std::chrono::nanoseconds duration) {
  if (co_await is_cancelled()) co_return false;
  asio::steady_timer timer(co_await asio::this_coro::executor, duration);
  const auto [ec] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return !ec;
}

asio::awaitable<bool> is_cancelled() {
  const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
  co_return state.cancelled() != asio::cancellation_type::none;
}

}  // namespace ostler::net
