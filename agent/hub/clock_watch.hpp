// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "base/clock.hpp"

namespace ostler::hub {

/// Notices that the wall clock was set: it then goes another way than the time since boot, which
/// also passes while the machine sleeps.
class ClockWatch {
 public:
  explicit ClockWatch(const Clock& clock) : clock_(clock), settled_(look()) {}

  struct Reading {
    Timestamp now;
    std::chrono::nanoseconds since_boot{0};
    /// How far the wall clock was set forward (or back) since the last settled reading; zero for
    /// less than two seconds, which is a clock being corrected.
    std::chrono::microseconds jump{0};
  };

  Reading read() const;
  /// Takes a reading for known: what it says of a jump has been dealt with.
  void settle(const Reading& reading) { settled_ = reading; }

 private:
  Reading look() const { return {clock_.now(), clock_.since_boot()}; }

  const Clock& clock_;
  Reading settled_;
};

/// Whether what is old by the wall clock may be removed for good: not for an hour after the clock
/// was set forward by an hour or more, so that somebody may set it back.
class AgeTrust {
 public:
  explicit AgeTrust(const Clock& clock) : watch_(clock) {}

  /// Asked from time to time; says in the log when it begins to doubt.
  bool holds();

 private:
  ClockWatch watch_;
  std::chrono::nanoseconds doubts_until_{0};  ///< since boot
};

}  // namespace ostler::hub
