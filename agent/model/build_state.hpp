// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "model/job_state.hpp"
#include "model/pipeline_definition.hpp"

namespace ostler::model {

/// Where a build is in its life. The numbers are stored: append, never renumber.
///
///   Scheduled --> Running --> Passed
///       |            |  +---> Failing --> Failed
///       |            +--> Canceling --> Canceled
///       +--> NotRun, Canceled, Skipped
///
/// From any state that is not terminal to Blocked, and back when a person has opened the gate.
/// A build's state is never set, it follows from its jobs; see `derive_build_state`.
enum class BuildState : std::uint8_t {
  Scheduled = 1,  ///< no job has started
  Running = 2,
  Failing = 3,  ///< a job failed while others go on
  Passed = 4,
  Failed = 5,
  Canceling = 6,
  Canceled = 7,
  NotRun = 8,    ///< it had nothing to run
  Blocked = 9,   ///< a gate is all that it waits for
  Skipped = 10,  ///< a newer build took its place before it began
};

/// How many jobs of a build stand where; waiters are not counted, and gates only where it says so.
/// Kept with the build, so that a transition of one job touches no other.
struct JobCounts {
  std::int64_t open = 0;         ///< can still run, or run: not in a terminal state
  std::int64_t with_agent = 0;   ///< the part of `open` that an agent holds
  std::int64_t executed = 0;     ///< an agent began or ended them; gates that a person opened
  std::int64_t hard_failed = 0;  ///< failed, timed out, expired, canceled or lost; gates, too
  std::int64_t waiting = 0;      ///< the part of `open` that waits for other steps
  std::int64_t blocked = 0;      ///< gates that wait for a person alone

  JobCounts& operator+=(const JobCounts& other);
  JobCounts& operator-=(const JobCounts& other);

  friend bool operator==(const JobCounts&, const JobCounts&) = default;
};

/// What a job adds to the counters by standing where it does; how it came there is not in it.
JobCounts standing_of(StepKind kind, JobState state);

/// The state that a build's jobs give it. One whose jobs all wait is blocked as soon as a gate is:
/// no circle of dependencies is possible, so a gate is behind every wait.
/// Source: reference/pipeline-yaml.md 18.2.
BuildState derive_build_state(const JobCounts& counts, bool cancel_requested);

bool is_terminal(BuildState state);
/// Whether nothing happens in the build until a person does something: terminal or blocked.
bool is_at_rest(BuildState state);

/// For logs and errors: "not_run".
std::string_view to_string(BuildState state);

}  // namespace ostler::model
