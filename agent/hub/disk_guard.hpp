// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "base/result.hpp"
#include "files/disk_space.hpp"

namespace ostler::hub {

/// Keeps room on the disk for work that has begun: when little is free, nothing new is let in.
/// Thread-safe.
class DiskGuard {
 public:
  /// Asks the file system; fast, it reads no disk.
  using Measure = std::function<Result<files::DiskSpace>()>;

  /// `least_percent` of the disk stays free; zero: nothing is ever refused. The clock outlives it.
  DiskGuard(Measure measure, const Clock& clock, int least_percent);

  /// Whether a new build or artifact is let in. What cannot be measured does not keep it out.
  /// Errors: Unavailable (retryable), saying how much is free and what to do.
  Result<void> admit();

  /// The room as it was measured within the last second; zeros when it could not be.
  files::DiskSpace space();

 private:
  struct State {
    std::chrono::nanoseconds next{0};
    files::DiskSpace space;
    bool is_low = false;
  };

  void measure(State& state) const;
  bool is_low(const files::DiskSpace& space) const;

  const Measure measure_;
  const Clock& clock_;
  const int least_percent_;
  Guarded<State> state_;
};

}  // namespace ostler::hub
