// SPDX-License-Identifier: Apache-2.0
#include "hub/waiter.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "base/assert.hpp"

namespace ostler::hub {

namespace asio = boost::asio;

struct Waiter::State {
  explicit State(const asio::any_io_executor& executor) : timer(executor) {}
  asio::steady_timer timer;
  bool is_woken = false;
};

Waiter::Waiter(const asio::any_io_executor& executor) : state_(std::make_shared<State>(executor)) {}

Waiter::~Waiter() = default;

asio::awaitable<void> Waiter::wait(std::chrono::nanoseconds limit) {
  const auto state = state_;
  OSTLER_ASSERT(co_await this_executor() == state->timer.get_executor());
  if (!state->is_woken && !co_await is_cancelled()) {
    state->timer.expires_after(std::chrono::duration_cast<asio::steady_timer::duration>(limit));
    co_await state->timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  state->is_woken = false;
}

void Waiter::wake() {
  asio::post(state_->timer.get_executor(), [state = state_] {
    state->is_woken = true;
    state->timer.cancel();
  });
}

asio::awaitable<void> enable_total_cancellation() {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
}

asio::awaitable<bool> is_cancelled() {
  const auto state = co_await asio::this_coro::cancellation_state;
  co_return state.cancelled() != asio::cancellation_type::none;
}

asio::awaitable<asio::any_io_executor> this_executor() {
  co_return co_await asio::this_coro::executor;
}

}  // namespace ostler::hub
