// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "pipeline/parse.hpp"
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::BuildState;
using model::JobState;

/// Steps that run in some builds only, or after failures.
class StepChoice : public StoreSuite {
 protected:
  void build(std::string_view yaml, std::string branch = "main") {
    model::BuildRequest request;
    request.branch = std::move(branch);
    build_ = house_.create_build(yaml, std::move(request)).build.id;
  }
  JobState state(std::string_view step) { return house_.job_of(build_, step).state; }
  std::string reason(std::string_view step) { return house_.job_of(build_, step).broken_reason; }
  void run(std::string_view step, int status = 0) {
    house_.run_job(agent_, house_.job_of(build_, step).id, status);
  }
  PipelineUploadChange upload(std::string_view uploader, std::string_view json) {
    UploadPipeline command;
    command.agent = agent_.id;
    command.job = house_.job_of(build_, uploader).id;
    house_.accept(agent_, command.job);
    house_.start(agent_, command.job);
    command.uuid = "uuid";
    command.definition = pipeline::parse_upload(json).value();
    command.now = house_.now();
    auto change = house_.get(house_.store().upload_pipeline(command));
    house_.finish(agent_, command.job, 0);
    return change;
  }

  support::Worker agent_ = house_.connect_agent();
  BuildId build_;
};
INSTANTIATE_TEST_SUITE_P(Store, StepChoice, testing::ValuesIn(store_kinds()), name_of);

constexpr std::string_view kBranches = R"(
steps:
  - {command: a, key: a}
  - {command: b, key: b, branches: "main release/*"}
  - {wait: ~, key: w, branches: ["release/*"]}
  - {command: c, key: c, branches: "!main"}
  - {command: d, key: d, depends_on: c}
)";

TEST_P(StepChoice, LeavesOutWhatIsForOtherBranches) {
  build(kBranches);
  EXPECT_EQ(state("b"), JobState::Scheduled);
  EXPECT_EQ(state("c"), JobState::Broken);
  EXPECT_EQ(reason("c"), "branch_mismatch");
  EXPECT_EQ(state("w"), JobState::Broken);
  EXPECT_EQ(state("d"), JobState::Scheduled) << "what is left out is satisfied";
  for (const char* step : {"a", "b", "d"}) run(step);
  EXPECT_EQ(house_.state_of(build_), BuildState::Passed);
}

TEST_P(StepChoice, HoldsBehindAWaitThatIsForThisBranch) {
  build(kBranches, "release/1");
  EXPECT_EQ(state("w"), JobState::Waiting);
  EXPECT_EQ(state("c"), JobState::Waiting);
  run("a");
  run("b");
  EXPECT_EQ(state("w"), JobState::Finished);
  EXPECT_EQ(state("c"), JobState::Scheduled);
}

TEST_P(StepChoice, DoesNotLetAWaitThatIsLeftOutHideTheOneBefore) {
  build(
      "[{command: a, key: a}, wait, {command: b, key: b}, {wait: ~, branches: other}, "
      "{command: c, key: c}]");
  EXPECT_EQ(state("c"), JobState::Waiting);
  run("a");
  EXPECT_EQ(state("c"), JobState::Scheduled) << "b is not before it";
}

TEST_P(StepChoice, AsksConditionsOfTheBuildThatIsMade) {
  build(R"yaml([{command: a, key: a, if: build.number == 1 && build.creator.id != null},
                {command: b, key: b, if: build.number == 2 || env("LAYER") != "pipeline"}])yaml");
  EXPECT_EQ(state("a"), JobState::Scheduled);
  EXPECT_EQ(state("b"), JobState::Broken);
  EXPECT_EQ(reason("b"), "conditional_failed");
}

TEST_P(StepChoice, RefusesABuildWhoseConditionHasNoAnswer) {
  auto plan = pipeline::plan(
      pipeline::parse("[{command: a, if: \"$${X:?is not set} == ''\"}]", {}).value());
  CreateBuild command;
  command.pipeline = house_.pipeline();
  command.plan = std::move(plan).value();
  command.now = house_.now();
  EXPECT_EQ(house_.error_of(house_.store().create_build(std::move(command))), Errc::UserFault);
  build("[{command: a, key: a, if: build.number == 1}]");
  EXPECT_EQ(state("a"), JobState::Scheduled) << "the refused build has taken no number";
}

TEST_P(StepChoice, AsksConditionsOfUploadedSteps) {
  build("[{command: up, key: up}]");
  upload("up", R"([{"command": "a", "key": "a", "if": "build.env('FROM_PIPELINE') == '2'"},
                   {"command": "b", "key": "b", "if": "build.branch == 'main'"}])");
  EXPECT_EQ(reason("a"), "conditional_failed");
  EXPECT_EQ(state("b"), JobState::Scheduled);
}

TEST_P(StepChoice, MakesABuildOfNothingForItsBranchNotRun) {
  build("[{command: a, branches: other}, wait, {command: b, skip: later, branches: other}]");
  EXPECT_EQ(house_.state_of(build_), BuildState::NotRun);
}

TEST_P(StepChoice, KeepsTheReasonOfAStepThatIsSkippedAnyway) {
  build("[{command: a, key: a, skip: later, branches: other}]");
  EXPECT_EQ(reason("a"), "later");
}

TEST_P(StepChoice, IsMadeForUploadedStepsToo) {
  build("[{command: up, key: up}, wait, {command: z, key: z}]");
  upload("up",
         R"([{"command": "a", "key": "a", "branches": "other"}, {"command": "b", "key": "b"},
             {"wait": null, "key": "w", "branches": "other"}, {"command": "c", "key": "c"}])");
  EXPECT_EQ(reason("a"), "branch_mismatch");
  EXPECT_EQ(state("w"), JobState::Broken);
  EXPECT_EQ(state("c"), JobState::Scheduled);
  upload("b", R"([{"command": "d", "key": "d"}])");
  EXPECT_EQ(state("d"), JobState::Scheduled);
}

TEST_P(StepChoice, GoesOnAfterAFailureWhereTheWaitDoes) {
  build(R"(
- {command: a, key: a}
- {wait: ~, continue_on_failure: true}
- {command: b, key: b}
- {wait: ~, continue_on_failure: true}
- {command: c, key: c}
- wait
- {command: d, key: d}
- {wait: ~, continue_on_failure: true}
- {command: e, key: e}
)");
  run("a", 1);
  EXPECT_EQ(state("b"), JobState::Scheduled);
  EXPECT_EQ(state("d"), JobState::WaitingFailed);
  EXPECT_EQ(state("e"), JobState::WaitingFailed) << "a regular wait stops all that comes after it";
  run("b", 1);
  run("c");
  EXPECT_EQ(house_.state_of(build_), BuildState::Failed);
}

TEST_P(StepChoice, LetsAWaitThatGoesOnCoverWhatIsUploaded) {
  build("[{command: up, key: up}, {wait: ~, continue_on_failure: true}, {command: z, key: z}]");
  upload("up", R"([{"command": "a", "key": "a"}, {"wait": null, "continue_on_failure": true},
                   {"command": "b", "key": "b"}])");
  run("a", 1);
  EXPECT_EQ(state("b"), JobState::Scheduled);
  EXPECT_EQ(state("z"), JobState::Waiting);
  upload("b", R"(["wait", {"command": "c", "key": "c"}])");
  EXPECT_EQ(state("c"), JobState::WaitingFailed) << "a's failure is before that wait";
  EXPECT_EQ(state("z"), JobState::WaitingFailed) << "that wait is before z's, too";
}

TEST_P(StepChoice, StopsWaitsThatGoOnAtAnUploadedOneThatDoesNot) {
  build("[{command: up, key: up}, {wait: ~, continue_on_failure: true}, {command: z, key: z}]");
  upload("up", R"([{"command": "a", "key": "a"}, "wait", {"command": "b", "key": "b"}])");
  run("a", 1);
  EXPECT_EQ(state("b"), JobState::WaitingFailed);
  EXPECT_EQ(state("z"), JobState::WaitingFailed);
  EXPECT_EQ(house_.state_of(build_), BuildState::Failed);
}

TEST_P(StepChoice, GoesOnAfterUploadsWithoutAStrictWait) {
  build(R"([{command: up, key: up}, {wait: ~, continue_on_failure: true}, {command: z, key: z},
            {command: y, key: y, depends_on: [{step: up, allow_failure: true}]}])");
  upload("up", R"([{"command": "a", "key": "a"}, {"wait": null, "branches": "other"},
                   {"command": "b", "key": "b"}])");
  run("b", 1);
  run("a", 1);
  EXPECT_EQ(state("z"), JobState::Scheduled) << "the wait is left out";
  EXPECT_EQ(state("y"), JobState::Scheduled);
}

TEST_P(StepChoice, KeepsDependenciesThatAllowFailuresOfAStrictWaitThatIsUploaded) {
  build(R"([{command: up, key: up},
            {command: y, key: y, depends_on: [{step: up, allow_failure: true}]}])");
  upload("up", R"([{"command": "a", "key": "a"}, "wait", {"command": "b", "key": "b"}])");
  run("a", 1);
  EXPECT_EQ(state("y"), JobState::Scheduled);
}

TEST_P(StepChoice, LetsUploadsDependOnAWaitThatIsLeftOut) {
  build("[{command: up, key: up}, {wait: ~, key: w, branches: other}, {command: z, key: z}]");
  const auto change = upload("up", R"([{"command": "c", "key": "c", "depends_on": "w"}])");
  ASSERT_EQ(change.upload.message, "");
  EXPECT_EQ(state("c"), JobState::Scheduled);
}

TEST_P(StepChoice, TakesBuildsOfManyWaitsThatAreLeftOut) {
  std::string yaml = "[";
  for (int i = 0; i < 650; ++i) yaml += "{wait: ~, if: 'false'}, ";
  build(yaml + "{command: a, key: a}]");
  EXPECT_EQ(state("a"), JobState::Scheduled);
  run("a");
  EXPECT_EQ(house_.state_of(build_), BuildState::Passed);
}

TEST_P(StepChoice, DoesNotGoOnAfterACancellation) {
  build("[{command: a, key: a}, {wait: ~, continue_on_failure: true}, {command: b, key: b}]");
  house_.get(house_.store().cancel_job({house_.job_of(build_, "a").id, house_.now()}));
  EXPECT_EQ(state("b"), JobState::WaitingFailed);
  EXPECT_EQ(house_.state_of(build_), BuildState::Failed);
}

}  // namespace
}  // namespace ostler::store
