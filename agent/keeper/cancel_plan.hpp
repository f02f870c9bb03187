// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

#include "supervise/message.hpp"

namespace ostler::keeper {

/// Points of CLOCK_BOOTTIME.
using BootTime = std::chrono::nanoseconds;

/// When a cancelled job is killed. All times are the keeper's own.
///
///   none --cancel--> Asked --kill_at--> Killing --give_up_at--> the keeper kills the tree itself
class CancelPlan {
 public:
  /// What is due now.
  enum class Due { Nothing, SendKill, GiveUp };

  /// Takes a cancel; whether it is the first one, which decides the reason. A later one can only
  /// bring the kill forward.
  bool cancel(const supervise::Cancel& cancel, BootTime now);
  /// What is due at `now`; each step is reported once.
  Due advance(BootTime now);
  /// When advance has something to say next.
  std::optional<BootTime> next() const;
  std::optional<supervise::CancelReason> reason() const { return reason_; }

 private:
  enum class State { None, Asked, Killing, GivenUp };
  State state_ = State::None;
  std::optional<supervise::CancelReason> reason_;
  BootTime due_{};
};

}  // namespace ostler::keeper
