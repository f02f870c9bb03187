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
    StepCase{JobState::Broken, {}, "finished", "neutral"},
};

TEST(StepState, FollowsItsJob) {
  for (const StepCase& known : kCases) {
    Job job;
    job.state = known.job;
    if (known.exit_status) job.outcome = Outcome{*known.exit_status, "", ""};
    EXPECT_EQ(to_string(step_state({&job, 1})), known.state) << to_string(known.job);
    EXPECT_EQ(to_string(step_outcome({&job, 1})), known.outcome) << to_string(known.job);
  }
}

TEST(StepOutcome, OfAFailureThatMayBeIsSoft) {
  Job job;
  job.state = JobState::Finished;
  job.outcome = Outcome{1, "", ""};
  job.soft_failed = true;
  EXPECT_EQ(step_outcome({&job, 1}), StepOutcome::SoftFailed);
}

std::vector<Job> jobs_in(std::vector<JobState> states) {
  std::vector<Job> jobs(states.size());
  for (std::size_t at = 0; at < states.size(); ++at) {
    jobs[at].state = states[at];
    if (states[at] == JobState::TimedOut) jobs[at].outcome = Outcome{-1, "", ""};
  }
  return jobs;
}

TEST(StepState, OfSeveralJobsIsOverWhenAllAre) {
  using enum JobState;
  EXPECT_EQ(step_state(jobs_in({Finished, Running, Scheduled})), StepState::Running);
  EXPECT_EQ(step_state(jobs_in({Finished, Scheduled})), StepState::Running);
  EXPECT_EQ(step_state(jobs_in({Scheduled, Broken})), StepState::Running);
  EXPECT_EQ(step_state(jobs_in({Scheduled, Scheduled})), StepState::Ready);
  EXPECT_EQ(step_state(jobs_in({Finished, Canceled})), StepState::Finished);
  EXPECT_EQ(step_state(jobs_in({Canceled, Canceled})), StepState::Canceled);
}

TEST(StepOutcome, OfSeveralJobsIsTheWorst) {
  using enum JobState;
  EXPECT_EQ(step_outcome(jobs_in({TimedOut, Scheduled})), StepOutcome::Neutral);
  EXPECT_EQ(step_outcome(jobs_in({Finished, Broken})), StepOutcome::Passed);
  EXPECT_EQ(step_outcome(jobs_in({Finished, TimedOut})), StepOutcome::HardFailed);
  EXPECT_EQ(step_outcome(jobs_in({TimedOut, Canceled})), StepOutcome::Errored);
  EXPECT_EQ(step_outcome(jobs_in({Broken})), StepOutcome::Neutral);
}

}  // namespace
}  // namespace ostler::model
