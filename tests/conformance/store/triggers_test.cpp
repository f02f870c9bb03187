// SPDX-License-Identifier: Apache-2.0
// Trigger steps. Source: reference/pipeline-yaml.md 6.
#include <gmock/gmock.h>

#include "pipeline/parse.hpp"
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::BuildState;
using model::JobState;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kParent = R"(
steps:
  - {trigger: hello, key: go, build: {env: {A: "1"}}}
  - wait
  - {command: after, key: after}
)";
constexpr std::string_view kTwoJobs = "steps: [{command: a, key: a}, {command: b, key: b}]";
constexpr std::string_view kChild = "steps: [{command: a, key: a}]";

class Triggers : public StoreSuite {
 protected:
  BuildId build(std::string_view yaml) { return house_.create_build(yaml).build.id; }
  CreateBuild triggered(JobId job, std::string_view yaml) {
    CreateBuild command;
    command.pipeline = house_.pipeline();
    command.source = model::BuildSource::TriggerJob;
    command.plan = pipeline::plan(pipeline::parse(yaml, {}).value()).value();
    command.triggered_by = job;
    command.now = house_.now();
    return command;
  }
  BuildId make(JobId job, std::string_view yaml = kChild) {
    return house_.get(house_.store().create_build(triggered(job, yaml))).build.id;
  }
  std::vector<JobId> pending() { return house_.get(house_.store().pending_triggers(10)); }
  JobState state(BuildId build, std::string_view step) { return house_.job_of(build, step).state; }
  void run(BuildId build, std::string_view step, int exit_status = 0) {
    house_.run_job(agent_, house_.job_of(build, step).id, exit_status);
  }
  void cancel(BuildId build) {
    house_.get(house_.store().cancel_build({.build = build, .now = house_.now()}));
  }

  support::Worker agent_ = house_.connect_agent();
};
INSTANTIATE_TEST_SUITE_P(Store, Triggers, testing::ValuesIn(store_kinds()), name_of);

TEST_P(Triggers, WantTheirBuildsWhenItIsTheirTurnAndGetEachOnce) {
  const BuildId parent = build("steps: [{command: a, key: a}, wait, {trigger: hello, key: go}]");
  EXPECT_THAT(pending(), IsEmpty());
  run(parent, "a");
  const JobId job = house_.job_of(parent, "go").id;
  EXPECT_THAT(pending(), ElementsAre(job));
  house_.reopen();
  EXPECT_THAT(pending(), ElementsAre(job)) << "whatever becomes of the hub";
  const BuildId child = make(job);
  EXPECT_THAT(pending(), IsEmpty());
  EXPECT_EQ(house_.error_of(house_.store().create_build(triggered(job, kChild))), Errc::Conflict);
  const auto made = house_.get(house_.store().build(child));
  ASSERT_TRUE(made.triggered_from);
  EXPECT_EQ(made.triggered_from->id, parent);
  EXPECT_EQ(made.triggered_from->number, 1);
  EXPECT_EQ(made.triggered_from->pipeline, "hello");
  const auto shown = house_.job_of(parent, "go");
  ASSERT_TRUE(shown.triggered);
  EXPECT_EQ(shown.triggered->id, child);
  EXPECT_EQ(shown.triggered->number, 2);
  EXPECT_EQ(shown.triggered->state, BuildState::Scheduled);
}

TEST_P(Triggers, WaitForTheirBuildsAndBecomeWhatTheseDo) {
  const BuildId parent = build(kParent);
  const BuildId child = make(house_.job_of(parent, "go").id);
  EXPECT_EQ(house_.state_of(parent), BuildState::Running);
  EXPECT_EQ(state(parent, "after"), JobState::Waiting);
  run(child, "a");
  EXPECT_EQ(state(parent, "go"), JobState::Finished);
  EXPECT_EQ(state(parent, "after"), JobState::Scheduled);
  const BuildId other = build(kParent);
  run(make(house_.job_of(other, "go").id), "a", 3);
  EXPECT_EQ(state(other, "after"), JobState::WaitingFailed);
  EXPECT_EQ(house_.state_of(other), BuildState::Failed);
}

TEST_P(Triggers, MayFailSoftly) {
  const BuildId parent = build("steps: [{trigger: hello, key: go, soft_fail: true}]");
  run(make(house_.job_of(parent, "go").id), "a", 1);
  EXPECT_EQ(house_.state_of(parent), BuildState::Passed);
  EXPECT_TRUE(house_.job_of(parent, "go").soft_failed);
}

TEST_P(Triggers, ThatAreAsynchronousPassAtOnce) {
  const BuildId parent = build("steps: [{trigger: hello, key: go, async: true}]");
  const BuildId child = make(house_.job_of(parent, "go").id);
  EXPECT_EQ(house_.state_of(parent), BuildState::Passed);
  run(child, "a", 1);
  EXPECT_EQ(house_.state_of(parent), BuildState::Passed);
  EXPECT_EQ(house_.job_of(parent, "go").triggered->state, BuildState::Failed);
}

TEST_P(Triggers, ReportThroughSeveralBuildsInOneGo) {
  const BuildId top = build(kParent);
  const BuildId middle = make(house_.job_of(top, "go").id, kParent);
  const BuildId bottom = make(house_.job_of(middle, "go").id);
  run(bottom, "a", 1);
  EXPECT_EQ(house_.state_of(middle), BuildState::Failed);
  EXPECT_EQ(house_.state_of(top), BuildState::Failed);
}

TEST_P(Triggers, CancelTheirBuildsAndWaitForTheEnd) {
  const BuildId top = build(kParent);
  const BuildId middle = make(house_.job_of(top, "go").id, kParent);
  const BuildId bottom = make(house_.job_of(middle, "go").id);
  const JobId job = house_.job_of(bottom, "a").id;
  house_.accept(agent_, job);
  house_.start(agent_, job);
  cancel(top);
  EXPECT_EQ(house_.state_of(bottom), BuildState::Canceling);
  EXPECT_EQ(house_.state_of(middle), BuildState::Canceling);
  EXPECT_EQ(house_.state_of(top), BuildState::Canceling);
  house_.finish(agent_, job, -1);
  EXPECT_EQ(house_.state_of(bottom), BuildState::Canceled);
  EXPECT_EQ(house_.state_of(middle), BuildState::Canceled);
  EXPECT_EQ(house_.state_of(top), BuildState::Canceled);
}

TEST_P(Triggers, OfACanceledBuildMakeNone) {
  const BuildId parent = build(kParent);
  const JobId job = house_.job_of(parent, "go").id;
  cancel(parent);
  EXPECT_EQ(house_.state_of(parent), BuildState::Canceled);
  EXPECT_THAT(pending(), IsEmpty());
  EXPECT_EQ(house_.error_of(house_.store().create_build(triggered(job, kChild))), Errc::Conflict);
}

TEST_P(Triggers, FailWithTheirBuildsThatAPersonCancels) {
  const BuildId parent = build(kParent);
  cancel(make(house_.job_of(parent, "go").id));
  EXPECT_EQ(state(parent, "go"), JobState::Finished);
  EXPECT_EQ(house_.state_of(parent), BuildState::Failed);
}

TEST_P(Triggers, GoOnBehindABlockThatPassesAndWaitAtAnother) {
  const BuildId parent = build(kParent);
  make(house_.job_of(parent, "go").id, "steps: [{block: b}]");
  EXPECT_EQ(state(parent, "go"), JobState::Finished);
  const BuildId other = build(kParent);
  const BuildId child =
      make(house_.job_of(other, "go").id, "steps: [{block: b, key: b, blocked_state: running}]");
  EXPECT_EQ(state(other, "go"), JobState::Running);
  house_.get(
      house_.store().unblock_job({.job = house_.job_of(child, "b").id, .now = house_.now()}));
  EXPECT_EQ(state(other, "go"), JobState::Finished);
}

TEST_P(Triggers, ThatAreRefusedFailAndSayWhy) {
  const BuildId parent = build(kParent);
  const JobId job = house_.job_of(parent, "go").id;
  house_.get(house_.store().refuse_trigger({.job = job, .fault = "no", .now = house_.now()}));
  EXPECT_EQ(house_.job_of(parent, "go").trigger_fault, "no");
  EXPECT_EQ(house_.state_of(parent), BuildState::Failed);
  const auto again = house_.get(
      house_.store().refuse_trigger({.job = job, .fault = "never", .now = house_.now()}));
  EXPECT_THAT(again.builds, IsEmpty());
  EXPECT_EQ(house_.job_of(parent, "go").trigger_fault, "no");
}

TEST_P(Triggers, MayBeRetriedWithAnotherBuild) {
  const BuildId parent = build(kParent);
  const JobId first = house_.job_of(parent, "go").id;
  run(make(first), "a", 1);
  const auto retried = house_.get(house_.store().retry_job({.job = first, .now = house_.now()}));
  EXPECT_THAT(pending(), ElementsAre(retried.job.id));
  run(make(retried.job.id), "a");
  EXPECT_EQ(state(parent, "after"), JobState::Scheduled);
}

TEST_P(Triggers, AreSkippedWhenANewerBuildTakesThePlaceOfTheirs) {
  auto pipeline = house_.get(house_.store().pipeline(house_.pipeline()));
  pipeline.settings.cancel_running_branch_builds = true;
  house_.get(house_.store().update_pipeline({.pipeline = pipeline.id,
                                             .cluster = pipeline.cluster,
                                             .settings = pipeline.settings,
                                             .now = house_.now()}));
  const BuildId parent = build(kParent);
  auto command = triggered(house_.job_of(parent, "go").id, kTwoJobs);
  command.request.branch = "b";
  const BuildId child = house_.get(house_.store().create_build(std::move(command))).build.id;
  run(child, "a");
  model::BuildRequest newer;
  newer.branch = "b";
  house_.create_build(kChild, newer);
  EXPECT_EQ(house_.state_of(child), BuildState::Canceled);
  EXPECT_EQ(state(parent, "go"), JobState::Skipped);
  EXPECT_FALSE(house_.job_of(parent, "go").outcome) << "it has neither passed nor failed";
}

TEST_P(Triggers, OfWhichThereAreSeveralGetABuildEach) {
  const BuildId parent = build("steps: [{trigger: hello, key: go, parallelism: 2}]");
  const auto jobs = pending();
  ASSERT_EQ(jobs.size(), 2u);
  const BuildId one = make(jobs[0]);
  EXPECT_THAT(pending(), ElementsAre(jobs[1]));
  const BuildId other = make(jobs[1]);
  run(one, "a");
  EXPECT_EQ(house_.state_of(parent), BuildState::Running);
  run(other, "a", 1);
  EXPECT_EQ(house_.state_of(parent), BuildState::Failed);
}

TEST_P(Triggers, FailWhenTheBuildsThatTheyWaitForAreRemoved) {
  const BuildId parent = build(kParent);
  const BuildId child =
      make(house_.job_of(parent, "go").id, "steps: [{block: b, key: b, blocked_state: running}]");
  EXPECT_EQ(state(parent, "go"), JobState::Running);
  const RemoveExpired first{
      .expired = {child}, .slice = std::chrono::microseconds(0), .now = house_.now()};
  const auto removed = house_.get(house_.store().remove_expired(first));
  EXPECT_TRUE(removed.more);
  EXPECT_THAT(removed.follow_ups.builds, ElementsAre(parent));
  const auto job = house_.job_of(parent, "go");
  EXPECT_EQ(job.state, JobState::Finished);
  EXPECT_EQ(job.outcome.value().exit_status, 1);
  EXPECT_EQ(job.trigger_fault, "the build that it made was removed before it was over");
  EXPECT_EQ(house_.state_of(parent), BuildState::Failed);
  while (house_.get(house_.store().remove_expired({.expired = {child}})).more) continue;
  EXPECT_EQ(house_.job_of(parent, "go").triggered, std::nullopt);
}

TEST_P(Triggers, ThatAreOverStayAsTheyAreWhenTheirBuildsAreRemoved) {
  const BuildId parent = build(kParent);
  const BuildId child = make(house_.job_of(parent, "go").id);
  run(child, "a");
  const RemoveExpired whole{.expired = {child}, .now = house_.now()};
  while (house_.get(house_.store().remove_expired(whole)).more) continue;
  EXPECT_EQ(house_.job_of(parent, "go").trigger_fault, "");
  EXPECT_EQ(state(parent, "after"), JobState::Scheduled);
}

TEST_P(Triggers, DoNotGoInCircles) {
  JobId job = house_.job_of(build(kParent), "go").id;
  for (int depth = 1; depth <= 10; ++depth) job = house_.job_of(make(job, kParent), "go").id;
  const auto refused = house_.call(house_.store().create_build(triggered(job, kParent)));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), HasSubstr("10 times in a row"));
}

TEST_P(Triggers, HaveNoTimeLimit) {
  const BuildId parent = build(kParent);
  make(house_.job_of(parent, "go").id);
  house_.pass_awake(std::chrono::hours(2));
  EXPECT_EQ(state(parent, "go"), JobState::Running);
}

}  // namespace
}  // namespace ostler::store
