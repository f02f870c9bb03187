// SPDX-License-Identifier: Apache-2.0
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::BuildState;
using model::JobState;

OSTLER_STORE_SUITE(Dependencies);

constexpr std::string_view kWait = R"(
steps:
  - {command: a, key: a}
  - {command: b, key: b}
  - wait
  - {command: c, key: c}
)";

TEST_P(Dependencies, HoldAWaitUntilEverythingBeforeItPassed) {
  const auto agent = house_.connect_agent();
  const auto build = house_.create_build(kWait).build;
  house_.run_job(agent, house_.job_of(build.id, "a").id);
  EXPECT_EQ(house_.job_of(build.id, "c").state, JobState::Waiting);
  const auto last = house_.run_job(agent, house_.job_of(build.id, "b").id);
  const auto c = house_.job_of(build.id, "c");
  EXPECT_EQ(c.state, JobState::Scheduled);
  EXPECT_EQ(last.follow_ups.runnable, std::vector{c.id});
  house_.run_job(agent, c.id);
  EXPECT_EQ(house_.state_of(build.id), BuildState::Passed);
}

TEST_P(Dependencies, ShowAWaitAsAWaiterThatPasses) {
  const auto agent = house_.connect_agent();
  const auto build = house_.create_build(kWait).build;
  const auto waiter = [&] { return house_.get(house_.store().jobs({.builds = {build.id}})).at(2); };
  EXPECT_EQ(waiter().step.kind, model::StepKind::Wait);
  EXPECT_EQ(waiter().state, JobState::Waiting);
  house_.run_job(agent, house_.job_of(build.id, "a").id);
  house_.run_job(agent, house_.job_of(build.id, "b").id);
  EXPECT_EQ(waiter().state, JobState::Finished);
}

TEST_P(Dependencies, StopEverythingBehindAWaitAfterAFailure) {
  const auto agent = house_.connect_agent();
  const auto build = house_.create_build(kWait).build;
  house_.run_job(agent, house_.job_of(build.id, "a").id, 1);
  EXPECT_EQ(house_.state_of(build.id), BuildState::Failing);
  EXPECT_EQ(house_.job_of(build.id, "c").state, JobState::WaitingFailed);
  EXPECT_EQ(house_.job_of(build.id, "b").state, JobState::Scheduled);
  house_.run_job(agent, house_.job_of(build.id, "b").id);
  const auto after = house_.get(house_.store().build(build.id));
  EXPECT_EQ(after.state, BuildState::Failed);
  EXPECT_TRUE(after.failing_at);
  EXPECT_TRUE(after.finished_at);
}

TEST_P(Dependencies, PassAFailureOnThroughAWholeChain) {
  const auto agent = house_.connect_agent();
  const auto build = house_
                         .create_build(
                             "steps: [{command: a, key: a}, wait, {command: b, key: b}, wait, "
                             "{command: c, key: c}]")
                         .build;
  const auto change = house_.run_job(agent, house_.job_of(build.id, "a").id, 1);
  EXPECT_TRUE(change.follow_ups.runnable.empty());
  EXPECT_EQ(house_.job_of(build.id, "c").state, JobState::WaitingFailed);
  EXPECT_EQ(house_.state_of(build.id), BuildState::Failed);
}

TEST_P(Dependencies, RunWhatAllowsTheFailure) {
  const auto agent = house_.connect_agent();
  const auto build = house_
                         .create_build(R"(
steps:
  - {command: a, key: a}
  - {command: b, key: b, depends_on: [{step: a, allow_failure: true}]}
  - {command: c, key: c, depends_on: a, allow_dependency_failure: true}
  - {command: d, key: d, depends_on: a}
  - {command: e, key: e, depends_on: [{step: d, allow_failure: true}]}
)")
                         .build;
  house_.run_job(agent, house_.job_of(build.id, "a").id, 1);
  EXPECT_EQ(house_.job_of(build.id, "b").state, JobState::Scheduled);
  EXPECT_EQ(house_.job_of(build.id, "c").state, JobState::Scheduled);
  EXPECT_EQ(house_.job_of(build.id, "d").state, JobState::WaitingFailed);
  EXPECT_EQ(house_.job_of(build.id, "e").state, JobState::Scheduled);
}

TEST_P(Dependencies, NeverRunWhatDependsOnACanceledJob) {
  const auto build = house_
                         .create_build(R"(
steps:
  - {command: a, key: a}
  - {command: b, key: b, depends_on: [{step: a, allow_failure: true}]}
)")
                         .build;
  house_.get(house_.store().cancel_job({house_.job_of(build.id, "a").id, house_.now()}));
  EXPECT_EQ(house_.job_of(build.id, "b").state, JobState::WaitingFailed);
  EXPECT_EQ(house_.state_of(build.id), BuildState::Failed);
}

TEST_P(Dependencies, RunAJobOnceAllOfItsDependenciesAreMet) {
  const auto agent = house_.connect_agent();
  const auto build = house_
                         .create_build(R"(
steps:
  - {command: a, key: a}
  - {command: b, key: b}
  - {command: c, key: c, depends_on: [a, b]}
)")
                         .build;
  house_.run_job(agent, house_.job_of(build.id, "b").id);
  EXPECT_EQ(house_.job_of(build.id, "c").state, JobState::Waiting);
  house_.run_job(agent, house_.job_of(build.id, "a").id);
  EXPECT_EQ(house_.job_of(build.id, "c").state, JobState::Scheduled);
}

TEST_P(Dependencies, MakeABuildOfWaitsAloneNotRun) {
  const auto made = house_.create_build("steps: [wait, wait]");
  EXPECT_EQ(made.build.state, BuildState::NotRun);
  EXPECT_TRUE(made.build.finished_at);
}

}  // namespace
}  // namespace ostler::store
