// SPDX-License-Identifier: Apache-2.0
#include "model/step_state.hpp"

#include "base/assert.hpp"

namespace ostler::model {

StepState step_state(const Job& job) {
  switch (job.state) {
    case JobState::Waiting: return StepState::WaitingForDependencies;
    case JobState::Scheduled: return StepState::Ready;
    case JobState::Accepted:
    case JobState::Running:
    case JobState::TimingOut:
    case JobState::Canceling: return StepState::Running;
    case JobState::Canceled: return StepState::Canceled;
    case JobState::WaitingFailed:
    case JobState::Finished:
    case JobState::TimedOut:
    case JobState::Expired: return StepState::Finished;
  }
  OSTLER_ASSERT(false);
}

StepOutcome step_outcome(const Job& job) {
  if (!is_terminal(job.state) || job.state == JobState::WaitingFailed) return StepOutcome::Neutral;
  if (job.state == JobState::Canceled || job.state == JobState::Expired) {
    return StepOutcome::Errored;
  }
  const bool has_passed =
      job.state == JobState::Finished && (!job.outcome || job.outcome->exit_status == 0);
  if (has_passed) return StepOutcome::Passed;
  return job.soft_failed ? StepOutcome::SoftFailed : StepOutcome::HardFailed;
}

std::string_view to_string(StepState state) {
  switch (state) {
    case StepState::WaitingForDependencies: return "waiting_for_dependencies";
    case StepState::Ready: return "ready";
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
