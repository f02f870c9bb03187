// SPDX-License-Identifier: Apache-2.0
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::BuildState;
using model::JobState;

OSTLER_STORE_SUITE(Cancellation);

constexpr std::string_view kSteps =
    "steps: [{command: a, key: a}, {command: b, key: b}, wait, {command: c, key: c}]";

TEST_P(Cancellation, EndsWhatWaitsAtOnceAndAsksAgentsToStopTheRest) {
  const auto agent = house_.connect_agent();
  const auto build = house_.create_build(kSteps).build;
  const JobId running = house_.job_of(build.id, "a").id;
  const JobId scheduled = house_.job_of(build.id, "b").id;
  house_.accept(agent, running);
  house_.start(agent, running);
  const auto change =
      house_.get(house_.store().cancel_build({build.id, "changed my mind", house_.now()}));
  EXPECT_EQ(change.build.state, BuildState::Canceling);
  EXPECT_EQ(change.build.cancel_reason, "changed my mind");
  EXPECT_EQ(change.follow_ups.canceling, std::vector{running});
  EXPECT_EQ(change.follow_ups.dropped, std::vector{scheduled});
  EXPECT_EQ(house_.job_of(build.id, "b").state, JobState::Canceled);
  EXPECT_EQ(house_.job_of(build.id, "c").state, JobState::Canceled);
  house_.finish(agent, running, -1);
  EXPECT_EQ(house_.state_of(build.id), BuildState::Canceled);
}

TEST_P(Cancellation, IsDoneAtOnceWhenNothingRuns) {
  const auto build = house_.create_build(kSteps).build;
  const auto change = house_.get(house_.store().cancel_build({build.id, "", house_.now()}));
  EXPECT_EQ(change.build.state, BuildState::Canceled);
  EXPECT_TRUE(change.build.finished_at);
}

TEST_P(Cancellation, IsRefusedWhenTheBuildIsOverOrBeingCanceled) {
  const auto agent = house_.connect_agent();
  const auto build = house_.create_build(kSteps).build;
  house_.accept(agent, house_.job_of(build.id, "a").id);
  house_.get(house_.store().cancel_build({build.id, "", house_.now()}));
  EXPECT_EQ(house_.error_of(house_.store().cancel_build({build.id, "", house_.now()})),
            Errc::Conflict);
  house_.finish(agent, house_.job_of(build.id, "a").id, -1);
  EXPECT_EQ(house_.error_of(house_.store().cancel_build({build.id, "", house_.now()})),
            Errc::Conflict);
  EXPECT_EQ(house_.error_of(house_.store().cancel_build({BuildId::make(), "", house_.now()})),
            Errc::NotFound);
}

TEST_P(Cancellation, BeforeTheStartLetsTheAgentStartAndFinish) {
  const auto agent = house_.connect_agent();
  const auto build = house_.create_build("steps: [{command: a, key: a}]").build;
  const JobId job = house_.job_of(build.id, "a").id;
  house_.accept(agent, job);
  house_.get(house_.store().cancel_job({job, house_.now()}));
  house_.start(agent, job);
  EXPECT_EQ(house_.get(house_.store().job_state(job)), JobState::Canceling);
  house_.get(house_.store().heartbeat({agent.id, house_.now()}));
  house_.pass_awake(std::chrono::minutes(5));
  EXPECT_EQ(house_.get(house_.store().job_state(job)), JobState::Canceling);
  EXPECT_EQ(house_.finish(agent, job, 0).state, JobState::Canceled);
}

TEST_P(Cancellation, TakesAFirstReportOfACanceledJobButNoSecondOne) {
  const auto agent = house_.connect_agent();
  const auto build = house_.create_build("steps: [{command: a, key: a}]").build;
  const JobId job = house_.job_of(build.id, "a").id;
  house_.accept(agent, job);
  house_.get(house_.store().cancel_job({job, house_.now()}));
  house_.pass_awake(std::chrono::minutes(4));  // never started
  ASSERT_EQ(house_.get(house_.store().job_state(job)), JobState::Canceled);
  EXPECT_EQ(house_.finish(agent, job, 7).state, JobState::Canceled);
  EXPECT_EQ(house_.finish(agent, job, 7).state, JobState::Canceled);
  EXPECT_EQ(house_.error_of(house_.store().finish_job(house_.finish_command(agent, job, 8))),
            Errc::Conflict);
}

TEST_P(Cancellation, OfAJobThatIsOverIsRefused) {
  const auto agent = house_.connect_agent();
  const auto build = house_.create_build("steps: [{command: a, key: a}]").build;
  const JobId job = house_.job_of(build.id, "a").id;
  house_.run_job(agent, job);
  EXPECT_EQ(house_.error_of(house_.store().cancel_job({job, house_.now()})), Errc::Conflict);
}

}  // namespace
}  // namespace ostler::store
