// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

// The body of `POST jobs/:id/events`, by which agents tell our hub what the steps of a job have
// come to. Decoders answer Errc::Protocol as those of wire/agent_api.hpp.
namespace ostler::wire {

/// Answer header of accept: the server takes `POST jobs/:id/events`.
inline constexpr std::string_view kEventsHeader = "Ostler-Events";

inline constexpr std::size_t kLongestEventKind = 32;           // bytes
inline constexpr std::size_t kLongestEventData = 128u * 1024;  // of its JSON
inline constexpr std::size_t kMostEventsAtOnce = 256;

struct JobEvent {
  std::int64_t sequence = 0;  ///< grows within the job; the same in each attempt
  Timestamp at{};             ///< by the clock of the agent's host
  std::string kind{};         ///< "result", "output", "progress"
  std::string data{};         ///< JSON
};

std::string encode_job_events(const std::vector<JobEvent>& events);
Result<std::vector<JobEvent>> decode_job_events(std::string_view json);

}  // namespace ostler::wire
