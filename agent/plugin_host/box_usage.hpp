// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace ostler::plugin_host {

/// What a process took.
struct BoxUsage {
  std::chrono::microseconds processor{};
  /// Bytes, at most: the kernel counts in what the process that started it had then.
  std::int64_t memory = 0;
};

/// Of a child that has ended and was not reaped; nothing when it cannot be known.
BoxUsage usage_of_ended(pid_t pid);

/// For people: "used 0.01 s of processor time and at most 12.5 MiB of memory".
std::string describe(const BoxUsage& usage);

}  // namespace ostler::plugin_host
