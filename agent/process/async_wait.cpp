// SPDX-License-Identifier: Apache-2.0
#include "process/async_wait.hpp"

#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

namespace ostler::process {

namespace asio = boost::asio;

asio::awaitable<Result<ExitStatus>> async_wait(Child& child,
                                               std::chrono::steady_clock::duration timeout) {
  using asio::experimental::awaitable_operators::operator||;
  using Time = asio::steady_timer::time_point;
  const auto await = asio::as_tuple(asio::use_awaitable);
  const auto executor = co_await asio::this_coro::executor;
  if (const auto status = child.try_wait()) co_return *status;
  const int copy = ::dup(child.pidfd());
  if (copy < 0) co_return Error::from_errno(errno, "watch a process");
  asio::posix::stream_descriptor ended(executor, copy);
  const auto now = asio::steady_timer::clock_type::now();
  asio::steady_timer deadline(executor, timeout < Time::max() - now ? now + timeout : Time::max());
  co_await (ended.async_wait(asio::posix::stream_descriptor::wait_read, await) ||
            deadline.async_wait(await));
  if (const auto status = child.try_wait()) co_return *status;
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none) {
    co_return Error(Errc::Cancelled, "waiting for process " + std::to_string(child.pid()));
  }
  co_return Error(Errc::Timeout, "process " + std::to_string(child.pid()) + " still runs");
}

}  // namespace ostler::process
