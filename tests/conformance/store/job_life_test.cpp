// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>

#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::BuildState;
using model::JobState;

constexpr std::string_view kOneStep = "steps: [{command: make, key: only}]";

OSTLER_STORE_SUITE(JobLife);

TEST_P(JobLife, RunsOneJobFromBuildToLog) {
  const auto agent = house_.connect_agent();
  const auto made = house_.create_build(kOneStep);
  EXPECT_EQ(made.build.state, BuildState::Scheduled);
  EXPECT_EQ(made.build.number, 1);
  ASSERT_EQ(made.follow_ups.runnable.size(), 1u);
  const JobId job = made.follow_ups.runnable.front();

  const auto accepted = house_.accept(agent, job);
  EXPECT_EQ(accepted.job.state, JobState::Accepted);
  EXPECT_EQ(accepted.follow_ups.dropped, std::vector{job});
  house_.start(agent, job);
  EXPECT_EQ(house_.state_of(made.build.id), BuildState::Running);
  house_.get(house_.store().append_chunk(house_.chunk(agent, job, 1, 0, "hello\n")));
  const auto finished = house_.finish(agent, job);

  EXPECT_EQ(finished.state, JobState::Finished);
  EXPECT_EQ(finished.follow_ups.finished, std::vector{job});
  EXPECT_EQ(finished.follow_ups.builds, std::vector{made.build.id});
  EXPECT_EQ(house_.state_of(made.build.id), BuildState::Passed);
  EXPECT_EQ(house_.log_of(job), "hello\n");
}

TEST_P(JobLife, GivesARepeatedAcceptTheSameAnswer) {
  const auto agent = house_.connect_agent();
  const JobId job = house_.create_build(kOneStep).follow_ups.runnable.front();
  const auto first = house_.accept(agent, job);
  const auto second = house_.accept(agent, job);
  EXPECT_EQ(first.token.reveal(), second.token.reveal());
  EXPECT_EQ(first.env, second.env);
  const auto holder = house_.get(house_.store().authenticate(second.token, house_.now()));
  EXPECT_EQ(std::get<JobHolder>(holder).job, job);
}

TEST_P(JobLife, RefusesAcceptByAnotherAgent) {
  const auto agent = house_.connect_agent();
  const auto other = house_.connect_agent({}, "other");
  const JobId job = house_.create_build(kOneStep).follow_ups.runnable.front();
  house_.accept(agent, job);
  EXPECT_EQ(house_.error_of(house_.store().accept_job(house_.accept_command(other, job))),
            Errc::Conflict);
  EXPECT_EQ(house_.error_of(house_.store().finish_job(house_.finish_command(other, job, 0))),
            Errc::NotFound);
}

TEST_P(JobLife, GivesAJobToNoAgentThatIsNotOfferedIt) {
  const JobId job =
      house_.create_build("steps: [{command: make, agents: {os: linux}}]").follow_ups.runnable[0];
  const auto refused = [&](const support::Worker& agent) {
    const auto answer = house_.call(house_.store().accept_job(house_.accept_command(agent, job)));
    return answer ? "" : answer.error().message();
  };
  const auto fitting = house_.connect_agent({"os=linux"});
  EXPECT_THAT(refused(house_.connect_agent({"os=windows"})), testing::HasSubstr("lacks a tag"));
  EXPECT_THAT(refused(house_.connect_agent()), testing::HasSubstr("lacks a tag"));
  house_.get(house_.store().pause_agent({.agent = fitting.id, .now = house_.now()}));
  EXPECT_THAT(refused(fitting), testing::HasSubstr("paused"));
  house_.get(house_.store().resume_agent({fitting.id, house_.now()}));
  EXPECT_EQ(house_.accept(fitting, job).job.id, job);
  house_.get(house_.store().pause_agent({.agent = fitting.id, .now = house_.now()}));
  EXPECT_EQ(house_.accept(fitting, job).job.id, job) << "a repeat has the first answer";
}

TEST_P(JobLife, GivesAnyAgentOfTheClusterTheJobThatItAsksFor) {
  const JobId job =
      house_.create_build("steps: [{command: make, agents: {os: linux}}]").follow_ups.runnable[0];
  const auto agent = house_.connect_agent({"os=windows"});
  house_.get(house_.store().pause_agent({.agent = agent.id, .now = house_.now()}));
  auto command = house_.accept_command(agent, job);
  command.is_acquire = true;
  EXPECT_EQ(house_.get(house_.store().accept_job(command)).job.id, job);
}

TEST_P(JobLife, GivesAnAgentOneJobAtATime) {
  const auto agent = house_.connect_agent();
  const auto made = house_.create_build("steps: [{command: a}, {command: b}]");
  ASSERT_EQ(made.follow_ups.runnable.size(), 2u);
  house_.accept(agent, made.follow_ups.runnable[0]);
  EXPECT_EQ(house_.error_of(house_.store().accept_job(
                house_.accept_command(agent, made.follow_ups.runnable[1]))),
            Errc::Conflict);
  house_.finish(agent, made.follow_ups.runnable[0]);
  house_.accept(agent, made.follow_ups.runnable[1]);
}

TEST_P(JobLife, TakesAnEqualFinishAgainAndRefusesAnother) {
  const auto agent = house_.connect_agent();
  const JobId job = house_.create_build(kOneStep).follow_ups.runnable.front();
  house_.run_job(agent, job, 3);
  const auto repeat = house_.finish(agent, job, 3);
  EXPECT_EQ(repeat.state, JobState::Finished);
  EXPECT_TRUE(repeat.follow_ups.finished.empty());
  EXPECT_EQ(house_.error_of(house_.store().finish_job(house_.finish_command(agent, job, 4))),
            Errc::Conflict);
  EXPECT_EQ(house_.get(house_.store().job(job)).outcome->exit_status, 3);
}

TEST_P(JobLife, FinishesACanceledJobAsCanceled) {
  const auto agent = house_.connect_agent();
  const auto made = house_.create_build(kOneStep);
  const JobId job = made.follow_ups.runnable.front();
  house_.accept(agent, job);
  house_.start(agent, job);
  const auto canceling = house_.get(house_.store().cancel_job({job, house_.now()}));
  EXPECT_EQ(canceling.state, JobState::Canceling);
  EXPECT_EQ(canceling.follow_ups.canceling, std::vector{job});
  EXPECT_EQ(house_.finish(agent, job, -1).state, JobState::Canceled);
  EXPECT_EQ(house_.state_of(made.build.id), BuildState::Failed);
}

TEST_P(JobLife, KeepsTheJobTokenForADayAfterTheJob) {
  const auto agent = house_.connect_agent();
  const JobId job = house_.create_build(kOneStep).follow_ups.runnable.front();
  const Secret token = house_.accept(agent, job).token;
  house_.pass(std::chrono::hours(100));
  EXPECT_TRUE(house_.call(house_.store().authenticate(token, house_.now())));
  const auto is_over = [&] {
    return std::get<JobHolder>(house_.get(house_.store().authenticate(token, house_.now())))
        .is_over;
  };
  EXPECT_FALSE(is_over());
  house_.finish(agent, job);
  house_.pass(std::chrono::hours(23));
  EXPECT_TRUE(is_over());
  house_.pass(std::chrono::hours(2));
  EXPECT_EQ(house_.error_of(house_.store().authenticate(token, house_.now())), Errc::Denied);
}

TEST_P(JobLife, RendersTheLayersOfTheEnvironment) {
  const auto agent = house_.connect_agent({"queue=default", "os-name=linux"});
  model::BuildRequest request;
  request.branch = "main";
  request.env = {{"LAYER", "build"}, {"FROM_BUILD", "1"}};
  const auto made = house_.create_build(
      "env: {FROM_YAML: y}\nsteps: [{command: make, key: k, env: {LAYER: step}}]", request);
  const auto env = house_.accept(agent, made.follow_ups.runnable.front()).env;
  const auto value = [&](std::string_view name) {
    const auto at = std::ranges::find(env, name, &model::Variables::value_type::first);
    return at == env.end() ? std::string("(absent)") : at->second;
  };
  EXPECT_EQ(value("LAYER"), "step");
  EXPECT_EQ(value("FROM_PIPELINE") + value("FROM_BUILD") + value("FROM_YAML"), "11y");
  EXPECT_EQ(value("BUILDKITE_COMMAND"), "make");
  EXPECT_EQ(value("BUILDKITE_BRANCH"), "main");
  EXPECT_EQ(value("BUILDKITE_PULL_REQUEST"), "false");
  EXPECT_EQ(value("BUILDKITE_BUILD_URL"), "http://hub.example/ostler/hello/builds/1");
  EXPECT_EQ(value("BUILDKITE_AGENT_META_DATA_OS_NAME"), "linux");
  EXPECT_EQ(value("BUILDKITE_AGENT_ACCESS_TOKEN"), "(absent)");
}

}  // namespace
}  // namespace ostler::store
