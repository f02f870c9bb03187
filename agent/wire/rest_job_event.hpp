// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace ostler::wire {

/// An item of REST's `jobs/{id}/events`. `data` is JSON.
std::string encode_rest_job_event(std::int64_t sequence, Timestamp at, std::string_view kind,
                                  std::string_view data);

/// One of them as a person reads it: "output", and `url = "https://example.com"`.
struct RestJobEvent {
  std::string kind{};
  std::string text{};
  std::string failed_step{};   ///< of the result of a step that did not pass: its text; else empty
  std::string failed_tests{};  ///< of a report of tests: "3 of 214 failed: a, b, c"; else empty
};
/// A page of them. Errors: Protocol.
Result<std::vector<RestJobEvent>> decode_rest_job_events(std::string_view json);

}  // namespace ostler::wire
