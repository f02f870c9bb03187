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

class Superseded : public StoreSuite {
 protected:
  void settle(bool cancels, std::string filter = "") {
    auto settings = house_.get(house_.store().pipeline(house_.pipeline())).settings;
    settings.cancel_running_branch_builds = cancels;
    settings.cancel_running_branch_builds_filter = std::move(filter);
    set(std::move(settings));
  }
  void skip_queued(std::string filter = "") {
    auto settings = house_.get(house_.store().pipeline(house_.pipeline())).settings;
    settings.skip_queued_branch_builds = true;
    settings.skip_queued_branch_builds_filter = std::move(filter);
    set(std::move(settings));
  }
  void set(model::PipelineSettings settings) {
    const auto before = house_.get(house_.store().pipeline(house_.pipeline()));
    house_.get(house_.store().update_pipeline({.pipeline = before.id,
                                               .cluster = before.cluster,
                                               .settings = std::move(settings),
                                               .now = house_.now()}));
  }
  BuildChange build_of(std::string branch) {
    model::BuildRequest request;
    request.branch = std::move(branch);
    return house_.create_build("steps: [{command: a, key: a}, {command: b, key: b}]", request);
  }
  BuildId running_build(std::string branch) {
    const BuildId build = build_of(std::move(branch)).build.id;
    const auto agent = house_.connect_agent();
    house_.accept(agent, house_.job_of(build, "a").id);
    house_.start(agent, house_.job_of(build, "a").id);
    return build;
  }
};
INSTANTIATE_TEST_SUITE_P(Store, Superseded, testing::ValuesIn(store_kinds()), name_of);

TEST_P(Superseded, BuildsOfTheBranchAreCanceledByANewerOneWhereThePipelineSaysSo) {
  settle(true);
  const BuildId queued = build_of("main").build.id;
  const BuildId other = running_build("other");
  const BuildId old = running_build("main");
  const auto made = build_of("main");
  EXPECT_EQ(house_.state_of(old), model::BuildState::Canceling);
  EXPECT_EQ(house_.get(house_.store().build(old)).cancel_reason, "superseded by build 4");
  EXPECT_EQ(house_.job_of(old, "b").state, model::JobState::Canceled);
  EXPECT_EQ(made.follow_ups.canceling, std::vector{house_.job_of(old, "a").id});
  EXPECT_EQ(house_.state_of(other), model::BuildState::Running);
  EXPECT_EQ(house_.state_of(queued), model::BuildState::Scheduled) << "it has not begun";
  EXPECT_EQ(made.build.state, model::BuildState::Scheduled);
}

TEST_P(Superseded, BuildsGoOnWhereTheBranchIsNotMeant) {
  settle(true, "!main");
  const BuildId old = running_build("main");
  build_of("main");
  EXPECT_EQ(house_.state_of(old), model::BuildState::Running);
  settle(false);
  const BuildId other = running_build("other");
  build_of("other");
  EXPECT_EQ(house_.state_of(other), model::BuildState::Running);
}

TEST_P(Superseded, BuildsThatHaveNotBegunAreSkippedWhereThePipelineSaysSo) {
  skip_queued();
  const BuildId other = build_of("other").build.id;
  const BuildId running = running_build("main");
  const auto queued = build_of("main");
  const auto made = build_of("main");
  EXPECT_EQ(house_.state_of(queued.build.id), model::BuildState::Skipped);
  const auto skipped = house_.get(house_.store().build(queued.build.id));
  EXPECT_TRUE(skipped.finished_at);
  EXPECT_FALSE(skipped.started_at);
  EXPECT_EQ(skipped.cancel_reason, "superseded by build " + std::to_string(made.build.number));
  for (const char* step : {"a", "b"}) {
    EXPECT_EQ(house_.job_of(queued.build.id, step).state, model::JobState::Skipped);
  }
  EXPECT_EQ(made.follow_ups.dropped.size(), 2u) << "nobody is offered its jobs any more";
  EXPECT_EQ(house_.state_of(running), model::BuildState::Running) << "it has begun";
  EXPECT_EQ(house_.state_of(other), model::BuildState::Scheduled) << "it is of another branch";
  EXPECT_EQ(made.build.state, model::BuildState::Scheduled);
}

TEST_P(Superseded, BuildsOfOtherBranchesThanThoseMeantStayQueued) {
  skip_queued("release/* !release/old");
  const BuildId main = build_of("main").build.id;
  build_of("main");
  EXPECT_EQ(house_.state_of(main), model::BuildState::Scheduled);
  const BuildId old = build_of("release/old").build.id;
  build_of("release/old");
  EXPECT_EQ(house_.state_of(old), model::BuildState::Scheduled);
  const BuildId released = build_of("release/1").build.id;
  build_of("release/1");
  EXPECT_EQ(house_.state_of(released), model::BuildState::Skipped);
}

TEST_P(Superseded, ABuildOfWhichAnAgentHasTakenAJobIsNotSkipped) {
  skip_queued();
  const BuildId build = build_of("main").build.id;
  const auto agent = house_.connect_agent();
  house_.accept(agent, house_.job_of(build, "a").id);
  build_of("main");
  EXPECT_EQ(house_.state_of(build), model::BuildState::Scheduled);
  house_.start(agent, house_.job_of(build, "a").id);
  EXPECT_EQ(house_.state_of(build), model::BuildState::Running);
}

TEST_P(Superseded, ASkippedBuildTakesItsGatesWaitsAndGroupsWithIt) {
  skip_queued();
  model::BuildRequest request;
  request.branch = "main";
  const BuildId build =
      house_
          .create_build(
              "steps: [{command: a, key: a, concurrency: 1, concurrency_group: g}, wait, "
              "{block: b, key: b}, {trigger: hello, key: t}]",
              request)
          .build.id;
  const BuildId next =
      house_
          .create_build("steps: [{command: a, key: a, concurrency: 1, concurrency_group: g}]",
                        request)
          .build.id;
  EXPECT_EQ(house_.state_of(build), model::BuildState::Skipped);
  EXPECT_EQ(house_.job_of(build, "b").state, model::JobState::Skipped);
  EXPECT_EQ(house_.job_of(build, "t").state, model::JobState::Skipped);
  EXPECT_EQ(house_.job_of(next, "a").state, model::JobState::Scheduled) << "the group has room";
}

}  // namespace
}  // namespace ostler::store
