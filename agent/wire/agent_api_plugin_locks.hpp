// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

// The bodies of `POST jobs/:id/ostler/locks/...`, by which jobs hold locks of our hub. Decoders
// answer Errc::Protocol as those of wire/agent_api.hpp, and UserFault for a name that is none.
namespace ostler::wire {

inline constexpr std::string_view kLockService = "lock";
/// A job has too many of them.
inline constexpr int kTooManyLocks = 413;
/// Of a name, in bytes.
inline constexpr std::size_t kLongestLockName = 256;

/// Errors: UserFault.
Result<void> check_lock_name(std::string_view name);

/// `locks/take?wait=S`: held open until the job has the lock, or S seconds have passed.
struct LockRequest {
  std::string name{};
  std::string request{};  ///< the same in each attempt
};

/// What has become of it.
struct LockAnswer {
  std::optional<std::int64_t> fence{};  ///< none: the job waits
  std::string holder{};                 ///< address of the job that holds it
  std::int64_t ahead = 0;               ///< others who wait and come first
};

std::string encode(const LockRequest& request);
Result<LockRequest> decode_lock_request(std::string_view json);
std::string encode(const LockAnswer& answer);
Result<LockAnswer> decode_lock_answer(std::string_view json);

/// Body of `locks/leave`, which gives up a wait or the lock: the request that began it.
std::string encode_lock_leave(std::string_view request);
Result<std::string> decode_lock_leave(std::string_view json);

}  // namespace ostler::wire
