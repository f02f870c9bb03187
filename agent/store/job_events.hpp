// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/uuid.hpp"

// What the steps of a job have come to, as its agent tells it: results, outputs, progress.
namespace ostler::store {

/// Of one job; what is more is dropped.
inline constexpr std::int64_t kMostJobEvents = 2'000;
inline constexpr std::int64_t kMostJobEventBytes = 16 << 20;
/// The kind of which the newest event alone is kept.
inline constexpr const char* kProgressEvent = "progress";

struct JobEvent {
  std::int64_t sequence = 0;  ///< the agent's; grows within the job
  Timestamp at{};             ///< by the clock of its host
  std::string kind{};
  std::string data{};  ///< JSON
};

struct KeepJobEvents {
  AgentId agent;
  JobId job;
  std::vector<JobEvent> events{};
};

}  // namespace ostler::store
