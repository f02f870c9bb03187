// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

// Locks as agents of one machine serve them. Source: reference/agent-api.md 4.2.
namespace ostler::wire {

inline constexpr std::string_view kLockPath = "/api/leader/v0/lock/";
inline constexpr std::string_view kLeaderPingPath = "/api/leader/v0/ping";

/// The body of a PATCH: `next` in the place of `expected`.
struct LockSwap {
  std::string expected;
  std::string next;
};
std::string encode(const LockSwap& swap);
/// Errors: Protocol.
Result<LockSwap> decode_lock_swap(std::string_view json);

/// The answer to a PATCH and to a GET, which has no `swapped`.
struct LockState {
  std::string value;
  bool swapped = false;
};
std::string encode_lock_swapped(const LockState& state);
std::string encode_lock_value(const std::string& value);
/// Errors: Protocol.
Result<LockState> decode_lock_state(std::string_view json);

/// The answer to a ping: the server's time.
std::string encode_leader_ping(Timestamp now);
std::string encode_lock_error(std::string_view text);

/// The file in which a leader keeps its locks, for one run of the machine.
struct LockFile {
  std::string boot_id;
  std::vector<std::pair<std::string, std::string>> locks;  ///< key and value, oldest change first
};
std::string encode(const LockFile& file);
/// Errors: Protocol.
Result<LockFile> decode_lock_file(std::string_view json);

}  // namespace ostler::wire
