// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "store/follow_ups.hpp"

// Steps and jobs as the jobs of their build change them.
namespace ostler::store {

/// A step of a build, by its key or the text of its id.
struct StepAddress {
  BuildId build;
  std::string key_or_id{};
};

/// Changes what is given. A request that was made before changes nothing.
struct UpdateStep {
  StepAddress step;
  std::string request{};                   ///< names the update; empty: it has no name
  std::optional<std::string> label{};      ///< at most kLongestLabel bytes
  bool append = false;                     ///< the label comes after the one that is there
  std::optional<std::int64_t> priority{};  ///< of the step's jobs; higher runs earlier
  Timestamp now{};
};
inline constexpr std::size_t kLongestLabel = 64u << 10;  ///< bytes

struct CancelStep {
  StepAddress step;
  std::optional<std::chrono::seconds> force_after{};  ///< then no agent is waited for any more
  Timestamp now{};
};
struct CanceledStep {
  StepId step;
  FollowUps follow_ups;
};

/// Gives an unfinished command job another time limit, counted from its start.
struct LimitJob {
  AgentId agent;
  JobId job;
  std::int64_t timeout_in_minutes = 0;  ///< 1 to kLongestTimeout
};
inline constexpr std::int64_t kLongestTimeout = 366 * 24 * 60;  ///< minutes

/// Promises that a job will fail: should it report success, it counts as this failure.
struct PromiseFailure {
  AgentId agent;
  JobId job;
  int exit_status = 1;   ///< at least 1
  std::string reason{};  ///< may be empty
  Timestamp now{};
};
/// The first promise of a job, which stands.
struct StandingPromise {
  int exit_status = 1;
  FollowUps follow_ups;
};

}  // namespace ostler::store
