// SPDX-License-Identifier: Apache-2.0
#include "net/async_event.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/timers.hpp"

namespace ostler::net {
namespace asio = boost::asio;
using std::chrono::steady_clock;

struct AsyncEvent::Waiter {
  asio::steady_timer timer;
};

void AsyncEvent::set() {
  set_ = true;
  for (Waiter* waiter : waiting_) waiter->timer.cancel();
}

asio::awaitable<bool> AsyncEvent::wait(steady_clock::duration limit) {
  if (set_ || co_await is_cancelled()) co_return set_;
  Waiter waiter{asio::steady_timer(executor_, steady_clock::time_point::max())};
  if (limit != steady_clock::duration::max()) waiter.timer.expires_after(limit);
  const auto mine = waiting_.insert(waiting_.end(), &waiter);
  co_await waiter.timer.async_wait(asio::as_tuple(asio::use_awaitable));
  waiting_.erase(mine);
  co_return set_;
}

}  // namespace ostler::net
