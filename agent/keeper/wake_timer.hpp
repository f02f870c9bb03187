// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "keeper/cancel_plan.hpp"

namespace ostler::keeper {

/// A descriptor that becomes readable at a point of CLOCK_BOOTTIME: unlike a timeout of poll, also
/// when the machine slept meanwhile.
class WakeTimer {
 public:
  static Result<WakeTimer> create();
  /// Sets the time; none: never.
  void set(std::optional<BootTime> at);
  int fd() const { return fd_.get(); }
  /// Takes note that it fired.
  void clear();

 private:
  explicit WakeTimer(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
  std::optional<BootTime> at_;
};

}  // namespace ostler::keeper
