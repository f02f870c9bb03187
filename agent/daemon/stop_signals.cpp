// SPDX-License-Identifier: Apache-2.0
#include "daemon/stop_signals.hpp"

#include <signal.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "diag/log.hpp"

namespace ostler::daemon {
namespace {

namespace asio = boost::asio;

/// Ends the process at once, as a kill would: all that matters is in the state directory.
[[noreturn]] void leave(int status, std::string_view why) {
  diag::notice(why);
  ::_exit(status);
}

}  // namespace

asio::awaitable<void> serve_signals(StopListener& listener, std::chrono::nanoseconds patience) {
  ::signal(SIGHUP, SIG_IGN);
  ::signal(SIGPIPE, SIG_IGN);
  asio::signal_set signals(co_await asio::this_coro::executor, SIGTERM, SIGINT, SIGQUIT);
  signals.add(SIGUSR1);
  asio::steady_timer last_resort(co_await asio::this_coro::executor);
  for (int stops = 0;;) {
    const auto [ec, number] = co_await signals.async_wait(asio::as_tuple(asio::use_awaitable));
    if (ec) co_return;
    if (number == SIGUSR1) leave(0, "detached, the jobs go on");
    stops = number == SIGQUIT ? std::max(stops + 1, 2) : stops + 1;
    if (stops > 2) leave(1, "told to stop a third time, leaving at once");
    if (stops == 1) {
      diag::notice("stopping: no new jobs, running ones go on; a second signal cancels them");
      listener.stop();
      continue;
    }
    diag::notice("stopping now: running jobs are cancelled");
    listener.stop_now();
    last_resort.expires_after(patience);
    last_resort.async_wait([](const boost::system::error_code& cancelled) {
      if (!cancelled) leave(1, "could not end in time; the next agent delivers what is left");
    });
  }
}

}  // namespace ostler::daemon
