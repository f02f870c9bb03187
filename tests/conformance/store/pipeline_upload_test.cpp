// SPDX-License-Identifier: Apache-2.0
// Source: reference/pipeline-yaml.md 2.5, 13.1, 19, 24.
#include <gmock/gmock.h>

#include "pipeline/parse.hpp"
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::BuildState;
using model::JobState;
using model::PipelineUploadState;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A build whose step "up" runs.
class PipelineUpload : public StoreSuite {
 protected:
  void begin(std::string_view yaml, std::string_view uploader = "up") {
    build_ = house_.create_build(yaml).build.id;
    begin_job(uploader);
  }
  void begin_job(std::string_view step) {
    uploader_ = house_.job_of(build_, step).id;
    house_.accept(agent_, uploader_);
    house_.start(agent_, uploader_);
  }

  UploadPipeline command(std::string_view json, bool replace = false) {
    UploadPipeline made;
    made.agent = agent_.id;
    made.job = uploader_;
    made.uuid = "uuid-" + std::to_string(++uuids_);
    made.replace = replace;
    auto definition = pipeline::parse_upload(json);
    if (definition) {
      made.definition = std::move(definition).value();
    } else {
      made.fault = definition.error().message();
    }
    made.now = house_.now();
    return made;
  }
  PipelineUploadChange upload(std::string_view json, bool replace = false) {
    auto change = house_.get(house_.store().upload_pipeline(command(json, replace)));
    EXPECT_EQ(change.upload.message, "");
    EXPECT_EQ(change.upload.state, PipelineUploadState::Applied);
    return change;
  }
  std::string rejection(std::string_view json, bool replace = false) {
    const auto before = order();
    const auto change = house_.get(house_.store().upload_pipeline(command(json, replace)));
    EXPECT_EQ(change.upload.state, PipelineUploadState::Rejected);
    EXPECT_EQ(order(), before) << "nothing of it is taken in";
    EXPECT_EQ(house_.get(house_.store().pipeline_upload(uploader_, last_uuid())).message,
              change.upload.message);
    return change.upload.message;
  }
  std::string last_uuid() const { return "uuid-" + std::to_string(uuids_); }

  /// Labels, keys or commands of the build's steps in their order.
  std::vector<std::string> order() {
    std::vector<std::string> names;
    for (const auto& job : house_.get(house_.store().jobs({.builds = {build_}}))) {
      const bool is_wait = job.step.kind == model::StepKind::Wait;
      names.push_back(is_wait ? "wait" : job.step.key.empty() ? job.step.command : job.step.key);
    }
    return names;
  }
  JobState state(std::string_view step) { return house_.job_of(build_, step).state; }
  void run(std::string_view step, int status = 0) {
    house_.run_job(other_, house_.job_of(build_, step).id, status);
  }
  JobChange finish_uploader(int status = 0) { return house_.finish(agent_, uploader_, status); }

  support::Worker agent_ = house_.connect_agent();
  support::Worker other_ = house_.connect_agent({}, "two");
  BuildId build_;
  JobId uploader_;
  int uuids_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Store, PipelineUpload, testing::ValuesIn(store_kinds()), name_of);

constexpr std::string_view kUpThenWait = R"(
steps:
  - {command: up, key: up}
  - wait
  - {command: last, key: last}
)";

TEST_P(PipelineUpload, PutsItsStepsBehindTheUploaderInTheOrderOfTheUploads) {
  begin(kUpThenWait);
  upload(R"([{"command": "a", "key": "a"}, {"command": "b", "key": "b"}])");
  upload(R"([{"command": "c", "key": "c"}])");
  upload(R"([])");
  EXPECT_THAT(order(), ElementsAre("up", "a", "b", "c", "wait", "last"));
}

TEST_P(PipelineUpload, IsKeptWithWhatCameOfIt) {
  begin(kUpThenWait);
  auto first = command(R"([{"command": "a", "parallelism": 2}, "wait"])");
  first.size = 41;
  house_.get(house_.store().upload_pipeline(first));
  upload(R"([{"command": "b"}])", true);
  rejection(R"([{"command": "c", "depends_on": "nowhere"}])");
  const auto kept = house_.get(house_.store().pipeline_uploads({.build = build_}));
  ASSERT_EQ(kept.size(), 3u);
  EXPECT_EQ(kept[0].number, 3);
  EXPECT_EQ(kept[0].upload.state, PipelineUploadState::Rejected);
  EXPECT_EQ(kept[0].created_jobs, std::nullopt);
  EXPECT_EQ(kept[1].created_jobs, 1);
  EXPECT_TRUE(kept[1].replaces);
  EXPECT_EQ(kept[2].created_jobs, 3);
  EXPECT_EQ(kept[2].size, 41);
  EXPECT_EQ(kept[2].job, uploader_);
  EXPECT_EQ(kept[2].created_at, house_.now());
  const auto numbers = [&](FindUploads query) {
    std::vector<std::int64_t> found;
    for (const auto& one : house_.get(house_.store().pipeline_uploads(query))) {
      found.push_back(one.number);
    }
    return found;
  };
  EXPECT_THAT(numbers({.build = build_, .below = 3, .limit = 1}), ElementsAre(2));
  EXPECT_THAT(numbers({.build = build_, .above = 1, .limit = 1}), ElementsAre(2));
  EXPECT_THAT(numbers({.build = build_, .above = 1}), ElementsAre(3, 2));
  EXPECT_THAT(numbers({.build = build_, .uuid = first.uuid}), ElementsAre(1));
  EXPECT_THAT(numbers({.build = build_, .job = JobId::make()}), IsEmpty());
}

TEST_P(PipelineUpload, RunsItsStepsAfterTheUploaderAndBeforeTheNextWait) {
  begin(kUpThenWait);
  const auto change = upload(R"([{"command": "a", "key": "a"}, {"command": "b", "key": "b"}])");
  EXPECT_THAT(change.follow_ups.runnable, IsEmpty());
  EXPECT_THAT(change.follow_ups.builds, ElementsAre(build_));
  EXPECT_EQ(state("a"), JobState::Waiting);
  EXPECT_THAT(
      finish_uploader().follow_ups.runnable,
      testing::UnorderedElementsAre(house_.job_of(build_, "a").id, house_.job_of(build_, "b").id));
  run("a");
  EXPECT_EQ(state("last"), JobState::Waiting);
  run("b");
  EXPECT_EQ(state("last"), JobState::Scheduled);
  run("last");
  EXPECT_EQ(house_.state_of(build_), BuildState::Passed);
}

TEST_P(PipelineUpload, KeepsItsOwnWaits) {
  begin(kUpThenWait);
  upload(R"([{"command": "a", "key": "a"}, "wait", {"command": "b", "key": "b"}])");
  upload(R"([{"command": "c", "key": "c"}, "wait", {"command": "d", "key": "d"}])");
  finish_uploader();
  EXPECT_EQ(state("c"), JobState::Waiting) << "it stands behind the first upload's wait";
  run("a");
  EXPECT_EQ(state("b"), JobState::Scheduled);
  run("c");
  EXPECT_EQ(state("d"), JobState::Waiting) << "its wait covers b too";
  run("b");
  EXPECT_EQ(state("d"), JobState::Scheduled);
  EXPECT_EQ(state("last"), JobState::Waiting);
  run("d");
  EXPECT_EQ(state("last"), JobState::Scheduled);
}

TEST_P(PipelineUpload, MakesItsWaitCoverWhatStandsBesideTheUploader) {
  begin("steps: [{command: x, key: x}, {command: up, key: up}]");
  upload(R"(["wait", {"command": "a", "key": "a"}])");
  finish_uploader();
  EXPECT_EQ(state("a"), JobState::Waiting);
  run("x");
  EXPECT_EQ(state("a"), JobState::Scheduled);
}

TEST_P(PipelineUpload, IsStoppedByTheFailureOfItsUploaderUnlessAStepAllowsIt) {
  begin(kUpThenWait);
  upload(R"([{"command": "a", "key": "a"},
             {"command": "b", "key": "b", "allow_dependency_failure": true}])");
  finish_uploader(1);
  EXPECT_EQ(state("a"), JobState::WaitingFailed);
  EXPECT_EQ(state("b"), JobState::Scheduled);
  run("b");
  EXPECT_EQ(house_.state_of(build_), BuildState::Failed);
}

TEST_P(PipelineUpload, StopsWhatIsBehindTheWaitWhenAnUploadedStepFails) {
  begin(kUpThenWait);
  upload(R"([{"command": "a", "key": "a"}])");
  finish_uploader();
  run("a", 1);
  EXPECT_EQ(state("last"), JobState::WaitingFailed);
  EXPECT_EQ(house_.state_of(build_), BuildState::Failed);
}

TEST_P(PipelineUpload, NestsUploadsOfUploadedSteps) {
  begin(kUpThenWait);
  upload(R"([{"command": "a", "key": "a"}, {"command": "b", "key": "b"}])");
  finish_uploader();
  begin_job("a");
  upload(R"([{"command": "a1", "key": "a1"}])");
  EXPECT_THAT(order(), ElementsAre("up", "a", "a1", "b", "wait", "last"));
  finish_uploader();
  run("b");
  EXPECT_EQ(state("last"), JobState::Waiting);
  run("a1");
  EXPECT_EQ(state("last"), JobState::Scheduled);
}

TEST_P(PipelineUpload, ResolvesKeysOfTheBuild) {
  begin(R"(
steps:
  - {command: ok, key: ok}
  - {command: bad, key: bad}
  - {command: slow, key: slow}
  - {command: up, key: up}
)");
  run("ok");
  run("bad", 1);
  upload(R"([{"command": "a", "key": "a", "depends_on": ["ok", "slow"]},
             {"command": "b", "key": "b", "depends_on": "bad"},
             {"command": "c", "key": "c", "depends_on": "b"},
             {"command": "d", "key": "d", "depends_on": [{"step": "bad", "allow_failure": true}]}])");
  EXPECT_EQ(state("b"), JobState::WaitingFailed);
  EXPECT_EQ(state("c"), JobState::WaitingFailed);
  finish_uploader();
  EXPECT_EQ(state("a"), JobState::Waiting);
  EXPECT_EQ(state("d"), JobState::Scheduled);
  run("slow");
  EXPECT_EQ(state("a"), JobState::Scheduled);
}

TEST_P(PipelineUpload, HoldsWhatNamesTheUploaderUntilItsUploadsAreDone) {
  begin("steps: [{command: up, key: up}, {command: after, key: after, depends_on: up}]");
  upload(R"([{"command": "a", "key": "a"}])");
  finish_uploader();
  EXPECT_EQ(state("after"), JobState::Waiting);
  run("a");
  EXPECT_EQ(state("after"), JobState::Scheduled);
}

TEST_P(PipelineUpload, RefusesToWaitForWhatWaitsForIt) {
  begin(R"(
steps:
  - {command: up, key: up}
  - {command: after, key: after, depends_on: up}
  - {command: end, key: end, depends_on: after}
)");
  EXPECT_THAT(rejection(R"([{"command": "a", "depends_on": "end"}])"),
              HasSubstr("\"end\", which itself waits for what this job uploads"));
  upload(R"([{"command": "a", "key": "a"}])");
  upload(R"([{"command": "b", "key": "b", "depends_on": "a"}])");
}

TEST_P(PipelineUpload, NeverWaitsForAStepBeforeItThatWaitsForTheUploader) {
  begin(R"(
steps:
  - {command: early, key: early, depends_on: up}
  - {wait: "", depends_on: up}
  - {command: up, key: up, depends_on: []}
)");
  upload(R"([{"command": "a", "key": "a"}, "wait", {"command": "b", "key": "b"}])");
  finish_uploader();
  run("a");
  EXPECT_EQ(state("b"), JobState::Scheduled);
  run("b");
  EXPECT_EQ(state("early"), JobState::Scheduled);
}

TEST_P(PipelineUpload, RefusesAKeyThatIsTaken) {
  begin(kUpThenWait);
  upload(R"([{"command": "a", "key": "a"}])");
  EXPECT_THAT(rejection(R"([{"command": "x", "key": "x"}, {"command": "b", "key": "a"}])"),
              HasSubstr("step 2 \"a\": the key \"a\" has already been used by another step in this "
                        "build"));
}

TEST_P(PipelineUpload, RefusesAQueueThatIsNotThere) {
  begin(kUpThenWait);
  EXPECT_THAT(
      rejection(R"({"agents": {"queue": "none"}, "steps": [{"command": "a"},
      {"command": "b"}, {"label": "C: \"c\"", "command": "c", "agents": {"queue": "no"}}, {"command": "d",
      "depends_on": "nobody"}]})"),
      testing::MatchesRegex("pipeline: step 1: queue \"none\" does not exist[^\n]*\n"
                            "pipeline: step 3 \"C: 'c'\": queue \"no\" does not exist[^\n]*\n"
                            "pipeline: step 4: depends_on names \"nobody\"[^\n]*"));
}

TEST_P(PipelineUpload, IsAppliedOnceHoweverOftenItComes) {
  begin(kUpThenWait);
  const auto same = command(R"([{"command": "a", "key": "a"}])");
  house_.get(house_.store().upload_pipeline(same));
  house_.reopen();
  const auto again = house_.get(house_.store().upload_pipeline(same));
  EXPECT_EQ(again.upload.state, PipelineUploadState::Applied);
  EXPECT_THAT(order(), ElementsAre("up", "a", "wait", "last"));
  finish_uploader();
  EXPECT_EQ(house_.get(house_.store().upload_pipeline(same)).upload.state,
            PipelineUploadState::Applied)
      << "even when its job is over";
  EXPECT_THAT(order(), ElementsAre("up", "a", "wait", "last"));
}

TEST_P(PipelineUpload, IsOneInWhicheverCaseItsUuidIsWritten) {
  begin(kUpThenWait);
  auto same = command(R"([{"command": "a", "key": "a"}])");
  same.uuid = "0198F3A0-1111-7222-8333-444455556666";
  house_.get(house_.store().upload_pipeline(same));
  same.uuid = "0198f3a0-1111-7222-8333-444455556666";
  house_.get(house_.store().upload_pipeline(same));
  EXPECT_THAT(order(), ElementsAre("up", "a", "wait", "last"));
  EXPECT_EQ(house_.get(house_.store().pipeline_upload(uploader_, same.uuid)).state,
            PipelineUploadState::Applied);
}

TEST_P(PipelineUpload, StaysRejectedOnceItWas) {
  begin(kUpThenWait);
  auto same = command("steps: [{}]");
  const auto first = house_.get(house_.store().upload_pipeline(same));
  EXPECT_EQ(first.upload.state, PipelineUploadState::Rejected);
  EXPECT_EQ(first.upload.message, same.fault);
  same.fault.clear();
  EXPECT_EQ(house_.get(house_.store().upload_pipeline(same)).upload.message, first.upload.message);
  EXPECT_EQ(house_.error_of(house_.store().pipeline_upload(uploader_, "another")), Errc::NotFound);
}

TEST_P(PipelineUpload, KeepsNoEndlessMessage) {
  begin(kUpThenWait);
  auto long_one = command("steps: [{}]");
  long_one.fault = std::string(100'000, 'x') + "é";
  const auto kept = house_.get(house_.store().upload_pipeline(long_one)).upload.message;
  EXPECT_EQ(kept.size(), 16u << 10);
  EXPECT_TRUE(kept.ends_with("x..."));
  auto lines = command("[]");
  for (int line = 0; line < 100; ++line) {
    lines.fault += "pipeline: step 1: " + std::string(1000, 'x') + "\n";
  }
  lines.fault += "pipeline: and 7 more faults";
  const auto few = house_.get(house_.store().upload_pipeline(lines)).upload.message;
  EXPECT_LT(few.size(), 16u << 10);
  EXPECT_TRUE(few.ends_with("x\npipeline: and 91 more faults")) << few.substr(few.size() - 40);
}

TEST_P(PipelineUpload, NeedsARunningJobOfTheAgent) {
  begin(kUpThenWait);
  auto foreign = command("[]");
  foreign.agent = other_.id;
  EXPECT_EQ(house_.error_of(house_.store().upload_pipeline(foreign)), Errc::NotFound);
  finish_uploader();
  EXPECT_EQ(house_.error_of(house_.store().upload_pipeline(command("[]"))), Errc::Conflict);
}

TEST_P(PipelineUpload, IsRefusedWhileTheBuildIsCanceled) {
  begin(kUpThenWait);
  house_.get(house_.store().cancel_build({.build = build_, .now = house_.now()}));
  EXPECT_EQ(house_.error_of(house_.store().upload_pipeline(command("[]"))), Errc::Conflict);
}

TEST_P(PipelineUpload, KeepsABuildGoingWhoseLastJobUploads) {
  begin("steps: [{command: up, key: up}]");
  upload(R"([{"command": "a", "key": "a"}])");
  finish_uploader();
  EXPECT_EQ(house_.state_of(build_), BuildState::Running);
  run("a");
  EXPECT_EQ(house_.state_of(build_), BuildState::Passed);
}

TEST_P(PipelineUpload, GivesItsJobsTheUploadersPlaceInTheOrderOfDispatch) {
  begin(kUpThenWait);
  house_.pass(std::chrono::minutes(5));
  upload(R"([{"command": "a", "key": "a"}])");
  const auto uploader = house_.job_of(build_, "up");
  const auto job = house_.job_of(build_, "a");
  EXPECT_EQ(job.scheduled_at, uploader.scheduled_at);
  EXPECT_GT(job.created_at, uploader.created_at);
}

TEST_P(PipelineUpload, GivesItsEnvToJobsAcceptedLater) {
  begin(R"(
env: {A: file, B: file}
steps: [{command: up, key: up}, {command: c, key: c, env: {A: step}}, {command: d, key: d}]
)");
  const auto value = [&](std::string_view step, const std::string& name) {
    const auto env = house_.get(
        house_.store().job_environment(house_.job_of(build_, step).id, "http://hub.example"));
    const auto found = std::ranges::find(env, name, &model::Variables::value_type::first);
    return found == env.end() ? "none" : found->second;
  };
  upload(R"({"env": {"A": "one", "N": "new"}, "steps": [{"command": "a", "key": "a"}]})");
  run("d");
  upload(R"({"env": {"A": "two"}, "steps": []})");
  EXPECT_EQ(value("a", "A"), "two");
  EXPECT_EQ(value("a", "B"), "file");
  EXPECT_EQ(value("a", "N"), "new");
  EXPECT_EQ(value("c", "A"), "step");
  EXPECT_EQ(value("d", "A"), "one") << "it was accepted before the second upload";
  EXPECT_EQ(value("up", "A"), "file");
  EXPECT_EQ(value("up", "N"), "none");
}

TEST_P(PipelineUpload, ReplacesWhatHasNotBegunBehindIt) {
  begin(R"(
steps:
  - {command: before, key: before}
  - {command: up, key: up}
  - {command: begun, key: begun}
  - {command: ready, key: ready}
  - wait
  - {command: last, key: last}
)");
  house_.accept(other_, house_.job_of(build_, "begun").id);
  const auto ready = house_.job_of(build_, "ready").id;
  upload(R"([{"command": "x", "key": "x"}])");
  const auto change = upload(R"([{"command": "l", "key": "last"}])", true);
  EXPECT_THAT(change.follow_ups.dropped, ElementsAre(ready));
  EXPECT_THAT(order(), ElementsAre("before", "up", "last", "begun"));
  EXPECT_EQ(house_.error_of(house_.store().job(ready)), Errc::NotFound);
  finish_uploader();
  house_.start(other_, house_.job_of(build_, "begun").id);
  house_.finish(other_, house_.job_of(build_, "begun").id);
  run("before");
  run("last");
  EXPECT_EQ(house_.state_of(build_), BuildState::Passed) << "no removed job is waited for";
}

TEST_P(PipelineUpload, ReplacesNothingThatAStepWhichStaysWaitsFor) {
  begin(
      "steps: [{command: a, key: a, depends_on: z}, {command: up, key: up}, "
      "{command: z, key: z}]");
  EXPECT_THAT(rejection("[]", true),
              HasSubstr("replace would remove step \"z\", for which step \"a\" waits"));
}

TEST_P(PipelineUpload, CountsWithoutTheFailedStepsItReplaces) {
  begin(
      "steps: [{command: up, key: up}, {command: bad, key: bad}, "
      "{command: after, key: after, depends_on: bad}]");
  run("bad", 1);
  EXPECT_EQ(state("after"), JobState::WaitingFailed);
  upload("[]", true);
  EXPECT_THAT(order(), ElementsAre("up", "bad"));
  finish_uploader();
  EXPECT_EQ(house_.state_of(build_), BuildState::Failed);
}

TEST_P(PipelineUpload, FindsRoomForAnyNumberOfUploads) {
  begin(kUpThenWait);
  std::vector<std::string> expected{"up"};
  for (int i = 0; i < 60; ++i) {
    const std::string key = "k" + std::to_string(i);
    upload(R"([{"command": "a", "key": ")" + key + R"("}])");
    expected.push_back(key);
  }
  expected.insert(expected.end(), {"wait", "last"});
  EXPECT_EQ(order(), expected);
}

TEST_P(PipelineUpload, KeepsTheLimitsOfUploads) {
  begin(kUpThenWait);
  const auto steps = [](int count) {
    std::string json = "[";
    for (int i = 0; i < count; ++i) json += std::string(i > 0 ? "," : "") + R"({"command": "a"})";
    return json + "]";
  };
  EXPECT_THAT(rejection(steps(501)),
              HasSubstr("step 501: 501 jobs are more than the 500 of one upload"));
  for (int i = 0; i < 7; ++i) upload(steps(500));
  upload(steps(497));
  EXPECT_THAT(rejection(steps(1)), HasSubstr("the build would have 4001 jobs, more than 4000"));
}

TEST_P(PipelineUpload, IsRefusedForAHundredMillionJobsBeforeAnyIsMade) {
  begin(kUpThenWait);
  UploadPipeline made = command("[]");
  model::StepDefinition step;
  step.parallelism = 10'000;
  made.definition.steps.assign(10'000, step);
  made.definition.env.emplace_back("A", std::string(2 << 20, 'x'));
  const auto refused = house_.get(house_.store().upload_pipeline(made)).upload;
  EXPECT_EQ(refused.state, PipelineUploadState::Rejected);
  EXPECT_THAT(refused.message,
              AllOf(HasSubstr("step 1: 100000000 jobs are more than the 500 of one upload"),
                    HasSubstr("env of this build's uploads")))
      << "the other faults are told with it";
}

TEST_P(PipelineUpload, KeepsTheLimitOfTheirNumber) {
  begin(kUpThenWait);
  for (int i = 0; i < 500; ++i) upload("[]");
  EXPECT_EQ(house_.error_of(house_.store().upload_pipeline(command("[]"))), Errc::UserFault);
}

TEST_P(PipelineUpload, KeepsTheLimitOfEnvironments) {
  begin(kUpThenWait);
  const std::string half = R"({"steps": [], "env": {"A": ")" + std::string(600'000, 'x') + R"("}})";
  upload(half);
  EXPECT_THAT(rejection(half), HasSubstr("more than 1 MiB"));
}

}  // namespace
}  // namespace ostler::store
