// SPDX-License-Identifier: Apache-2.0
#include "model/step_state.hpp"
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::BuildState;
using model::JobState;

/// Steps that become several jobs, or none that runs.
class StepJobs : public StoreSuite {
 protected:
  void build(std::string_view yaml) { build_ = house_.create_build(yaml).build.id; }
  std::vector<model::Job> jobs(const std::string& key) {
    return house_.get(
        house_.store().jobs({.builds = {build_}, .step_key = key, .include_retried = false}));
  }
  JobState state_of_job(const std::string& key) { return jobs(key).at(0).state; }
  void end(JobId job, int exit_status = 0) { house_.run_job(agent_, job, exit_status); }
  BuildState state() { return house_.state_of(build_); }
  std::string variable(JobId job, const std::string& name) {
    for (const auto& [known, value] :
         house_.get(house_.store().job_environment(job, "http://hub"))) {
      if (known == name) return value;
    }
    return "unset";
  }

  support::Worker agent_ = house_.connect_agent();
  BuildId build_;
};
INSTANTIATE_TEST_SUITE_P(Store, StepJobs, testing::ValuesIn(store_kinds()), name_of);

constexpr std::string_view kParallel = R"(
steps:
  - {command: a, key: a, label: "A %N/%t", parallelism: 3}
  - {command: b, key: b, depends_on: a}
)";

TEST_P(StepJobs, OfAParallelStepKnowTheirNumbers) {
  build(kParallel);
  const auto all = jobs("a");
  ASSERT_EQ(all.size(), 3u);
  for (std::size_t at = 0; at < all.size(); ++at) {
    EXPECT_EQ(all[at].state, JobState::Scheduled);
    EXPECT_EQ(all[at].step.id, all[0].step.id);
    EXPECT_EQ(all[at].step.label, "A " + std::to_string(at + 1) + "/3");
    EXPECT_EQ(variable(all[at].id, "BUILDKITE_PARALLEL_JOB"), std::to_string(at));
    EXPECT_EQ(variable(all[at].id, "BUILDKITE_PARALLEL_JOB_COUNT"), "3");
  }
  EXPECT_EQ(variable(jobs("b").at(0).id, "BUILDKITE_PARALLEL_JOB"), "unset");
}

TEST_P(StepJobs, HoldADependentUntilAllOfThemPassed) {
  build(kParallel);
  const auto all = jobs("a");
  end(all[0].id);
  end(all[2].id);
  EXPECT_EQ(state_of_job("b"), JobState::Waiting);
  const auto view = house_.get(house_.store().step({build_, "a"}));
  EXPECT_EQ(step_state(view.jobs), model::StepState::Running);
  end(all[1].id);
  EXPECT_EQ(state_of_job("b"), JobState::Scheduled);
  end(jobs("b").at(0).id);
  EXPECT_EQ(state(), BuildState::Passed);
}

TEST_P(StepJobs, FailAsOneOnceTheLastHasEnded) {
  build(kParallel);
  const auto all = jobs("a");
  end(all[0].id, 1);
  EXPECT_EQ(state(), BuildState::Failing);
  EXPECT_EQ(state_of_job("b"), JobState::Waiting);
  end(all[1].id);
  end(all[2].id);
  EXPECT_EQ(state_of_job("b"), JobState::WaitingFailed);
  EXPECT_EQ(state(), BuildState::Failed);
  const auto again =
      house_.get(house_.store().retry_job({.job = all[0].id, .now = house_.now()})).job;
  EXPECT_EQ(again.variation.parallel_index, 0);
  EXPECT_EQ(again.step.label, "A 1/3");
  EXPECT_EQ(state_of_job("b"), JobState::Waiting);
  end(again.id);
  EXPECT_EQ(state_of_job("b"), JobState::Scheduled);
}

TEST_P(StepJobs, BecomeReadyTogether) {
  build("steps: [{command: a, key: a}, wait, {command: b, key: b, parallelism: 4}]");
  const auto change = house_.run_job(agent_, jobs("a").at(0).id);
  EXPECT_EQ(change.follow_ups.runnable.size(), 4u);
  build("steps: [{command: a, key: a}, wait, {command: b, key: b, parallelism: 4}]");
  end(jobs("a").at(0).id, 1);
  for (const auto& job : jobs("b")) EXPECT_EQ(job.state, JobState::WaitingFailed);
  EXPECT_EQ(state(), BuildState::Failed);
}

constexpr std::string_view kMatrix = R"(
steps:
  - command: "make {{matrix.os}}"
    key: m
    label: "on {{ matrix.os }} {{matrix.level}}"
    env: {LEVEL: "{{matrix.level}}"}
    agents: {os: "{{matrix.os}}"}
    matrix:
      setup: {os: [linux, mac], level: [1]}
      adjustments:
        - {with: {os: mac, level: 1}, soft_fail: true}
        - {with: {os: bsd, level: 2}, skip: no box}
  - {command: b, key: b, depends_on: m}
)";

TEST_P(StepJobs, OfAMatrixHaveItsValues) {
  build(kMatrix);
  const auto all = jobs("m");
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[1].step.command, "make mac");
  EXPECT_EQ(all[1].step.label, "on mac 1");
  EXPECT_EQ(all[1].step.agent_query_rules, std::vector<std::string>{"os=mac"});
  EXPECT_EQ(variable(all[1].id, "LEVEL"), "1");
  EXPECT_EQ(variable(all[1].id, "BUILDKITE_COMMAND"), "make mac");
  EXPECT_EQ(all[1].variation.matrix, (model::MatrixValues{{"os", "mac"}, {"level", "1"}}));
  EXPECT_EQ(all[2].state, JobState::Broken);
  EXPECT_EQ(all[2].broken_reason, "no box");
}

TEST_P(StepJobs, OfAMatrixGoToTheAgentsThatTheirValuesName) {
  build(kMatrix);
  const auto all = jobs("m");
  const auto runnable = house_.get(house_.store().runnable_jobs({all[0].id, all[1].id}));
  ASSERT_EQ(runnable.size(), 2u);
  EXPECT_EQ(runnable[0].agent_query_rules, std::vector<std::string>{"os=linux"});
  const auto mac = house_.connect_agent({"os=mac"}, "mac");
  EXPECT_EQ(house_.error_of(house_.store().accept_job(house_.accept_command(mac, all[0].id))),
            Errc::Conflict);
  house_.run_job(mac, all[1].id, 1);
  const auto failed = jobs("m").at(1);
  EXPECT_TRUE(failed.soft_failed);
  house_.run_job(house_.connect_agent({"os=linux"}, "linux"), all[0].id);
  EXPECT_EQ(state_of_job("b"), JobState::Scheduled);
  end(jobs("b").at(0).id);
  EXPECT_EQ(state(), BuildState::Passed);
}

TEST_P(StepJobs, ThatFailSoftlyDoNotFailTheBuild) {
  build(R"(
steps:
  - {command: a, key: a, soft_fail: [{exit_status: 3}]}
  - {command: b, key: b, depends_on: a}
)");
  end(jobs("a").at(0).id, 3);
  EXPECT_TRUE(jobs("a").at(0).soft_failed);
  EXPECT_EQ(state_of_job("b"), JobState::Scheduled);
  EXPECT_EQ(state(), BuildState::Running);
  end(jobs("b").at(0).id);
  EXPECT_EQ(state(), BuildState::Passed);
  build("steps: [{command: a, key: a, soft_fail: [{exit_status: 3}]}]");
  end(jobs("a").at(0).id, 4);
  EXPECT_FALSE(jobs("a").at(0).soft_failed);
  EXPECT_EQ(state(), BuildState::Failed);
  build("steps: [{command: a, key: a, soft_fail: true}]");
  house_.get(house_.store().cancel_job({jobs("a").at(0).id, house_.now()}));
  EXPECT_EQ(state(), BuildState::NotRun) << "nobody ran it, and its end is soft";
}

TEST_P(StepJobs, ThatAreRetriedAreSoftOnlyInTheLastAttempt) {
  build("steps: [{command: a, key: a, soft_fail: true, retry: {automatic: {limit: 1}}}]");
  end(jobs("a").at(0).id, 1);
  EXPECT_EQ(state(), BuildState::Running);
  end(jobs("a").at(0).id, 1);
  EXPECT_EQ(state(), BuildState::Passed);
  const auto retried = house_.get(house_.store().retry_failed_jobs(
      {.build = build_, .kinds = {model::FailureKind::SoftFailed}, .now = house_.now()}));
  EXPECT_EQ(retried.count, 1);
  EXPECT_EQ(state(), BuildState::Running);
}

TEST_P(StepJobs, ThatAreSkippedCountAsDone) {
  build(R"(
steps:
  - {command: a, key: a, skip: not now}
  - {command: z, key: z, parallelism: 0, depends_on: a}
  - wait
  - {command: b, key: b}
)");
  EXPECT_EQ(state_of_job("a"), JobState::Broken);
  EXPECT_EQ(jobs("a").at(0).broken_reason, "not now");
  EXPECT_EQ(jobs("z").at(0).broken_reason, "parallelism_zero");
  EXPECT_EQ(state_of_job("b"), JobState::Scheduled);
  end(jobs("b").at(0).id);
  EXPECT_EQ(state(), BuildState::Passed);
  build("steps: [{command: a, skip: true}, wait]");
  EXPECT_EQ(state(), BuildState::NotRun);
}

TEST_P(StepJobs, RunInTheOrderOfTheirPriority) {
  build("steps: [{command: a, key: a}, {command: b, key: b, priority: 7}]");
  EXPECT_EQ(jobs("b").at(0).priority, 7);
  EXPECT_EQ(house_.get(house_.store().runnable_jobs({jobs("b").at(0).id})).at(0).priority, 7);
}

TEST_P(StepJobs, OfAnUploadAreTheSame) {
  build("steps: [{command: up, key: up}, {command: z, key: z, depends_on: up}]");
  const JobId up = jobs("up").at(0).id;
  house_.accept(agent_, up);
  UploadPipeline upload{.agent = agent_.id, .job = up, .uuid = "u", .now = house_.now()};
  upload.definition.steps.resize(2);
  upload.definition.steps[0].key = "p";
  upload.definition.steps[0].label = "%n";
  upload.definition.steps[0].parallelism = 2;
  upload.definition.steps[1].key = "s";
  upload.definition.steps[1].skip = "why";
  EXPECT_EQ(house_.get(house_.store().upload_pipeline(upload)).upload.message, "");
  EXPECT_EQ(jobs("p").size(), 2u);
  EXPECT_EQ(jobs("p").at(1).step.label, "1");
  EXPECT_EQ(state_of_job("s"), JobState::Broken);
  house_.finish(agent_, up);
  end(jobs("p").at(0).id);
  EXPECT_EQ(state_of_job("z"), JobState::Waiting);
  end(jobs("p").at(1).id);
  EXPECT_EQ(state_of_job("z"), JobState::Scheduled);
}

TEST_P(StepJobs, OfAnUploadAreCountedAgainstItsLimits) {
  build("steps: [{command: up, key: up}]");
  const JobId up = jobs("up").at(0).id;
  house_.accept(agent_, up);
  UploadPipeline upload{.agent = agent_.id, .job = up, .uuid = "u", .now = house_.now()};
  upload.definition.steps.resize(1);
  upload.definition.steps[0].parallelism = 501;
  const auto refused = house_.get(house_.store().upload_pipeline(upload)).upload;
  EXPECT_NE(refused.message.find("501 jobs are more than the 500 of one upload"), std::string::npos)
      << refused.message;
}

TEST_P(StepJobs, KeepTheirPlaceholdersWhenALabelGrows) {
  build(kParallel);
  house_.get(house_.store().update_step(
      {.step = {build_, "a"}, .request = "r", .label = "!", .append = true}));
  EXPECT_EQ(jobs("a").at(1).step.label, "A 2/3!");
}

}  // namespace
}  // namespace ostler::store
