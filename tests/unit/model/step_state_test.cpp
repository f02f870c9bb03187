// SPDX-License-Identifier: Apache-2.0
#include "model/step_state.hpp"

#include <gtest/gtest.h>

#include <array>

namespace ostler::model {
namespace {

struct StepCase {
  JobState job;
  std::optional<int> exit_status;
  std::string_view state;
  std::string_view outcome;
};

constexpr std::array kCases = {
    StepCase{JobState::Waiting, {}, "waiting_for_dependencies", "neutral"},
    StepCase{JobState::Scheduled, {}, "ready", "neutral"},
    StepCase{JobState::Accepted, {}, "running", "neutral"},
    StepCase{JobState::Running, {}, "running", "neutral"},
    StepCase{JobState::TimingOut, {}, "running", "neutral"},
    StepCase{JobState::Canceling, {}, "running", "neutral"},
    StepCase{JobState::WaitingFailed, {}, "finished", "neutral"},
    StepCase{JobState::Finished, {}, "finished", "passed"},
    StepCase{JobState::Finished, 0, "finished", "passed"},
    StepCase{JobState::Finished, 3, "finished", "hard_failed"},
    StepCase{JobState::TimedOut, -1, "finished", "hard_failed"},
    StepCase{JobState::Canceled, -1, "canceled", "errored"},
    StepCase{JobState::Expired, {}, "finished", "errored"},
};

TEST(StepState, FollowsItsJob) {
  for (const StepCase& known : kCases) {
    Job job;
    job.state = known.job;
    if (known.exit_status) job.outcome = Outcome{*known.exit_status, "", ""};
    EXPECT_EQ(to_string(step_state(job)), known.state) << to_string(known.job);
    EXPECT_EQ(to_string(step_outcome(job)), known.outcome) << to_string(known.job);
  }
}

TEST(StepOutcome, OfAFailureThatMayBeIsSoft) {
  Job job;
  job.state = JobState::Finished;
  job.outcome = Outcome{1, "", ""};
  job.soft_failed = true;
  EXPECT_EQ(step_outcome(job), StepOutcome::SoftFailed);
}

}  // namespace
}  // namespace ostler::model
