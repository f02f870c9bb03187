// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pthread.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace ostler::checkout {

/// Why work has to stop.
enum class Stop { No, Cancelled, TimedOut, Stalled };

/// Ends what the thread that made it is doing: at a signal (SIGTERM, SIGINT, SIGHUP, SIGQUIT), at
/// the deadline of an attempt, or when a peer is silent for too long. Work asks `stop()`; a system
/// call that blocks is interrupted; a process that still does not end is ended the hard way.
class Interrupter {
 public:
  using Clock = std::chrono::steady_clock;

  /// From here on those signals are answered by a thread of this object. One per process.
  Interrupter();
  ~Interrupter();
  Interrupter(const Interrupter&) = delete;
  Interrupter& operator=(const Interrupter&) = delete;

  Stop stop() const;
  /// Begins an attempt: forgets an earlier time-out (never a cancel). Zero: no limit.
  void begin_attempt(std::chrono::seconds limit);
  /// While a peer is waited for, silence of `kSilenceLimit` since the last call stops the work.
  void peer_is_alive();
  void peer_is_done();
  /// Sleeps; false when the work has to stop.
  bool sleep(std::chrono::milliseconds time);
  /// The signal that cancelled; 0 when none did.
  int signal() const;

  static constexpr std::chrono::seconds kSilenceLimit{300};

 private:
  void watch();
  void decide(int signal);
  void press();

  const pthread_t worker_;
  mutable std::mutex mutex_;
  std::condition_variable stopped_;
  Stop stop_ = Stop::No;  // guarded by mutex_, as the rest
  int signal_ = 0;
  Clock::time_point deadline_ = Clock::time_point::max();
  Clock::time_point silence_deadline_ = Clock::time_point::max();
  Clock::time_point last_resort_ = Clock::time_point::max();
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace ostler::checkout
