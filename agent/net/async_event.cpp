// SPDX-License-Identifier: Apache-2.0
#include "net/async_event.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/timers.hpp"

namespace ostler::net {
namespace asio = boost::asio;
using std::chrono::steady_clock;

void AsyncEvent::set() {
  set_ = true;
  for (auto* timer : waiting_) timer->cancel();
}

asio::awaitable<bool> AsyncEvent::wait(steady_clock::duration limit) {
  if (set_ || co_await is_cancelled()) co_return set_;
  asio::steady_timer timer(executor_, steady_clock::time_point::max());
  if (limit != steady_clock::duration::max()) timer.expires_after(limit);
  const auto mine = waiting_.insert(waiting_.end(), &timer);
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  waiting_.erase(mine);
  co_return set_;
}

}  // namespace ostler::net
