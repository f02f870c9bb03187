// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ostler::plugin_host {

/// What a plugin wants of a lock.
struct LockCall {
  bool is_acquire = false;  ///< else it releases it
  std::string name;
  std::chrono::milliseconds longest{0};  ///< that it waits, a year at most; kWaitForEver: any time
};
inline constexpr std::chrono::milliseconds kWaitForEver{-1};

/// Whether a plugin wants a lock: "ostler.lock/1/acquire".
bool is_lock_call(std::string_view method);
/// Requires: is_lock_call().
/// Errors: UserFault; NotFound for a method that there is not.
Result<LockCall> read_lock_call(const std::string& method,
                                const std::vector<std::string>& arguments);

/// So many calls of a step wait for locks at most.
inline constexpr std::size_t kMostLockWaits = 8;

}  // namespace ostler::plugin_host
