// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "base/unique_fd.hpp"

namespace ostler::plugin_host {

/// What the commands of a plugin took, with those of their own children that they waited for.
struct CommandUsage {
  int count = 0;
  std::chrono::microseconds processor{};
};

/// What a run of a plugin took.
struct BoxUsage {
  std::chrono::microseconds processor{};
  std::int64_t memory = 0;  ///< bytes that it had at once, at its peak; 0: not known
  CommandUsage commands = {};
};

/// Of a child that has ended and was not reaped; nothing when it cannot be known.
std::chrono::microseconds processor_of_ended(pid_t pid);

/// What a child takes that this process has just started. The kernel's own peak of a child begins
/// with that of who started it; where it may be that, the child's is looked at while it lives.
class BoxMeter {
 public:
  explicit BoxMeter(pid_t child);

  /// Notes the peak so far; of a child that has ended nothing.
  void look();
  /// Requires: the child has ended and was not reaped.
  BoxUsage of_ended() const;

 private:
  pid_t child_;
  UniqueFd status_;         ///< its /proc/PID/status
  std::int64_t inherited_;  ///< bytes: what the kernel's peak may begin with
  std::int64_t seen_ = 0;   ///< bytes
};

/// For people: "used 0.01 s of processor time and 3.6 MiB of memory; its 2 commands used 0.50 s".
std::string describe(const BoxUsage& usage);

}  // namespace ostler::plugin_host
