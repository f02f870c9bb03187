// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>

namespace ostler::daemon {

/// What signals ask of an agent.
class StopListener {
 public:
  virtual ~StopListener() = default;
  /// No more jobs; those that run go on to their end.
  virtual void stop() = 0;
  /// Cancel the jobs, too.
  virtual void stop_now() = 0;
};

/// Turns the signals of this process into stops, as job-lifecycle 7.5 says; SIGUSR1 and a third
/// SIGTERM or SIGINT end the process here. Once the listener was told to stop now, the process
/// ends with status 1 after `patience`. Ignores SIGHUP and SIGPIPE.
/// Cancel: the signals have their default effect again.
boost::asio::awaitable<void> serve_signals(StopListener& listener,
                                           std::chrono::nanoseconds patience);

}  // namespace ostler::daemon
