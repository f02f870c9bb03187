// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "base/clock.hpp"

namespace ostler::hub {

/// A clock that a test moves: what passes, and what it is set by.
class MovedClock final : public Clock {
 public:
  Timestamp now() const override { return now_; }
  std::chrono::nanoseconds since_boot() const override { return since_boot_; }
  void pass(std::chrono::microseconds time) {
    now_ = now_ + time;
    since_boot_ += time;
  }
  void set_by(std::chrono::microseconds time) { now_ = now_ + time; }

 private:
  Timestamp now_{1'800'000'000'000'000};
  std::chrono::nanoseconds since_boot_{std::chrono::hours(1)};
};

}  // namespace ostler::hub
