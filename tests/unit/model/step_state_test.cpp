// SPDX-License-Identifier: Apache-2.0
#include "model/step_state.hpp"

#include <gtest/gtest.h>

#include <array>

namespace ostler::model {
namespace {

struct Case {
  JobState job;
  std::optional<int> exit_status;
  std::string_view state;
  std::string_view outcome;
};

constexpr std::array kCases = {
    Case{JobState::Waiting, {}, "waiting_for_dependencies", "neutral"},
    Case{JobState::Scheduled, {}, "ready", "neutral"},
    Case{JobState::Accepted, {}, "running", "neutral"},
    Case{JobState::Running, {}, "running", "neutral"},
    Case{JobState::TimingOut, {}, "running", "neutral"},
    Case{JobState::Canceling, {}, "running", "neutral"},
    Case{JobState::WaitingFailed, {}, "finished", "neutral"},
    Case{JobState::Finished, {}, "finished", "passed"},
    Case{JobState::Finished, 0, "finished", "passed"},
    Case{JobState::Finished, 3, "finished", "hard_failed"},
    Case{JobState::TimedOut, -1, "finished", "hard_failed"},
    Case{JobState::Canceled, -1, "canceled", "errored"},
    Case{JobState::Expired, {}, "finished", "errored"},
};

TEST(StepState, FollowsItsJob) {
  for (const Case& known : kCases) {
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
