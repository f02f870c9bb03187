// SPDX-License-Identifier: Apache-2.0
#include "model/step_state.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace ostler::model {

namespace {

StepState state_of(const Job& job) {
  switch (job.state) {
    case JobState::Waiting: return StepState::WaitingForDependencies;
    case JobState::Limited:
    case JobState::Scheduled: return StepState::Ready;
    case JobState::Blocked: return StepState::WaitingForInput;
    case JobState::Accepted:
    case JobState::Running:
    case JobState::TimingOut:
    case JobState::Canceling: return StepState::Running;
    case JobState::Canceled: return StepState::Canceled;
    case JobState::Broken:
    case JobState::WaitingFailed:
    case JobState::BlockedFailed:
    case JobState::Unblocked:
    case JobState::Skipped:
    case JobState::Finished:
    case JobState::TimedOut:
    case JobState::Expired: return StepState::Finished;
  }
  OSTLER_ASSERT(false);
}

StepOutcome outcome_of(const Job& job) {
  const bool came_to_nothing = job.state == JobState::WaitingFailed ||
                               job.state == JobState::BlockedFailed ||
                               job.state == JobState::Broken || job.state == JobState::Skipped;
  if (!is_terminal(job.state) || came_to_nothing) return StepOutcome::Neutral;
  if (job.state == JobState::Unblocked) return StepOutcome::Passed;
  if (job.state == JobState::Canceled || job.state == JobState::Expired) {
    return StepOutcome::Errored;
  }
  const bool has_passed =
      job.state == JobState::Finished && (!job.outcome || job.outcome->exit_status == 0);
  if (has_passed) return StepOutcome::Passed;
  return job.soft_failed ? StepOutcome::SoftFailed : StepOutcome::HardFailed;
}

bool has(std::span<const Job> jobs, StepState state) {
  return std::ranges::any_of(jobs, [&](const Job& job) { return state_of(job) == state; });
}

}  // namespace

StepState step_state(std::span<const Job> jobs) {
  using enum StepState;
  const bool has_ended = has(jobs, Finished) || has(jobs, Canceled);
  if (has(jobs, Running) || (has(jobs, Ready) && has_ended)) return Running;
  for (const StepState state : {Ready, WaitingForInput, WaitingForDependencies, Finished}) {
    if (has(jobs, state)) return state;
  }
  return Canceled;
}

StepOutcome step_outcome(std::span<const Job> jobs) {
  StepOutcome worst = StepOutcome::Neutral;
  for (const Job& job : jobs) {
    if (!is_terminal(job.state)) return StepOutcome::Neutral;
    worst = std::max(worst, outcome_of(job));
  }
  return worst;
}

std::string_view to_string(StepState state) {
  switch (state) {
    case StepState::WaitingForDependencies: return "waiting_for_dependencies";
    case StepState::Ready: return "ready";
    case StepState::WaitingForInput: return "waiting_for_input";
    case StepState::Running: return "running";
    case StepState::Canceled: return "canceled";
    case StepState::Finished: return "finished";
  }
  OSTLER_ASSERT(false);
}

std::string_view to_string(StepOutcome outcome) {
  switch (outcome) {
    case StepOutcome::Neutral: return "neutral";
    case StepOutcome::Passed: return "passed";
    case StepOutcome::SoftFailed: return "soft_failed";
    case StepOutcome::HardFailed: return "hard_failed";
    case StepOutcome::Errored: return "errored";
  }
  OSTLER_ASSERT(false);
}

}  // namespace ostler::model
