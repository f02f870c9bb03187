// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "wire/lock_api.hpp"

namespace ostler::cli {

/// Calls the agent that leads in a sockets directory. A call waits while that agent is restarted.
class LockClient {
 public:
  using Clock = std::chrono::steady_clock;

  /// `limit`: how long to wait for a lock; none: for ever.
  LockClient(std::filesystem::path sockets, std::optional<std::chrono::milliseconds> limit);

  /// Errors of all: Unavailable when no agent answers; Timeout when the limit has passed.
  Result<std::string> value(const std::string& key);
  /// One attempt. `swapped` also when an answer was lost that must have said so.
  Result<wire::LockState> swap(const std::string& key, const wire::LockSwap& wanted);
  /// Waits in the key's queue until it can be swapped.
  Result<void> swap_in_turn(const std::string& key, const wire::LockSwap& wanted);
  /// Waits a moment. Errors: Timeout.
  Result<void> pause() const;

 private:
  Result<std::string> call(const std::string& method, const std::string& key,
                           const std::string& body, std::chrono::seconds wait);
  std::chrono::seconds longest_wait() const;

  std::filesystem::path leader_;
  std::optional<Clock::time_point> deadline_;
  bool answer_was_lost_ = false;  ///< of the last call
};

}  // namespace ostler::cli
