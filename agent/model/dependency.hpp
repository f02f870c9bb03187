// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "model/job_state.hpp"

namespace ostler::model {

/// What the end of a job means to the steps that depend on its step.
enum class DependencyResult : std::uint8_t {
  Met,     ///< passed, failed softly, or is not to run
  Failed,  ///< failed, or never ran because of a failure: met where failure is allowed
  Barred,  ///< canceled or expired: never met
};

/// The result of a job that is over; `exit_status` is none for a waiter and for a job that no agent
/// held. Source: reference/pipeline-yaml.md 19. Requires: is_terminal(state).
DependencyResult dependency_result(JobState state, std::optional<int> exit_status,
                                   bool soft_failed = false);

/// Whether a dependency with that result lets its dependent run.
bool is_met(DependencyResult result, bool allow_failure);

/// Whether a job that is over makes its build fail. A consequence of another failure does not.
/// Source: reference/pipeline-yaml.md 18.2. Requires: is_terminal(state).
bool is_hard_failure(JobState state, std::optional<int> exit_status, bool soft_failed = false);

}  // namespace ostler::model
