// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "wire/rest_answers.hpp"

// The streams of a hub as their client reads them. Source: agent/docs/events.md.
namespace ostler::wire {

/// An event of a build, as much as a client must know.
struct RestEventAnswer {
  std::int64_t id = 0;  ///< 0 when it has none
  std::optional<Timestamp> at;
  std::string change;                ///< "created", "updated", "removed"
  std::optional<RestJobAnswer> job;  ///< without its command
  std::string build_state;           ///< empty: not said
};
/// Errors: Protocol, naming the field.
Result<RestEventAnswer> decode_rest_event(std::string_view json);

struct RestLogEventAnswer {
  std::int64_t offset = 0;
  std::string text;
};
/// Errors: Protocol, naming the field.
Result<RestLogEventAnswer> decode_rest_log_event(std::string_view json);

/// Brings a build up to date with an event. False when the build must be got again: a job came that
/// it does not have.
bool apply_event(const RestEventAnswer& event, RestBuildAnswer& build);

}  // namespace ostler::wire
