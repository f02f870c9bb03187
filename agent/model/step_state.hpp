// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "model/job.hpp"

namespace ostler::model {

/// Where a step is, as conditions and notifications name it.
enum class StepState : std::uint8_t {
  WaitingForDependencies,
  Ready,
  WaitingForInput,
  Running,
  Canceled,
  Finished
};

/// What a step came to; Neutral while it has come to nothing.
enum class StepOutcome : std::uint8_t { Neutral, Passed, SoftFailed, HardFailed, Errored };

/// The state of a step that has these jobs, at least one: the last attempt at each.
StepState step_state(std::span<const Job> jobs);
StepOutcome step_outcome(std::span<const Job> jobs);

/// "waiting_for_dependencies", "hard_failed". Source: pipeline-yaml 21.3.
std::string_view to_string(StepState state);
std::string_view to_string(StepOutcome outcome);

}  // namespace ostler::model
