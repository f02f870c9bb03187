// SPDX-License-Identifier: Apache-2.0
// What a person reads of each way in which a job can fail, on a real hub with a real agent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/failing_house.hpp"
#include "support/git_http_server.hpp"

namespace ostler {
namespace {

using testing::ContainsRegex;

class FailureCauses : public testing::Test {
 protected:
  static void SetUpTestSuite() { house_ = std::make_unique<FailingHouse>(); }
  static void TearDownTestSuite() { house_.reset(); }

  static std::unique_ptr<FailingHouse> house_;
};

std::unique_ptr<FailingHouse> FailureCauses::house_;

/// A repository with one commit of what `make` makes.
void make_repository(const std::filesystem::path& place, const std::string& make = "touch file") {
  const auto made = support::run_program(
      {"/bin/bash", "-ec",
       "git init -q -b main; " + make +
           "; git add .; git -c user.name=t -c user.email=t@example.org commit -q -m one"},
      {.environment = {}, .directory = place});
  ASSERT_EQ(made.code, 0) << made.err;
}

TEST_F(FailureCauses, NameThePluginThatCannotBeRun) {
  EXPECT_THAT(house_->failure_of_step("command: make, plugins: [{\"docker#v5.1.0\": {image: x}}]"),
              testing::StartsWith(
                  "Way failed: the plugin docker#v5.1.0 is one of hooks, which are not supported "
                  "yet; remove it from the step's `plugins`\n"
                  "phase    Setting up the job\ncommand  make\n"));
  EXPECT_THAT(house_->failure_of_step("plugins: [\"ostler://nosuch#1\"]"),
              ContainsRegex("Way failed: nosuch#1 error \\(refused\\): no plugin nosuch in .*\n"
                            "phase  Preparing plugins\n"));
}

TEST_F(FailureCauses, NameTheSecretThatIsMissing) {
  EXPECT_THAT(house_->failure_of_step("command: make, secrets: [NOPE]"),
              testing::StartsWith("Way failed: the job's secrets could not be fetched: NOPE; see "
                                  "them with \"ostler secret list\"\n"
                                  "phase    Preparing secrets\ncommand  make\n"));
  EXPECT_EQ(house_->person().shell("echo a-thing-to-hide | ostler secret set KEY").code, 0);
  EXPECT_THAT(house_->failure_of_step("command: make, secrets: {BUILDKITE_GIT_MIRRORS_PATH: KEY}"),
              ContainsRegex("^Way failed: .*protected environment variable "
                            "\"BUILDKITE_GIT_MIRRORS_PATH\".*\n"));
}

TEST_F(FailureCauses, NameTheRepositoryThatIsNotThere) {
  EXPECT_THAT(
      house_->failure_of("command: make", "", "/nowhere/at/all"),
      ContainsRegex("Way failed: /nowhere/at/all, commit .*: open repository .* \\(exit status 1\\)"
                    "\nphase    Preparing working directory\ncommand  make\n"));
}

TEST_F(FailureCauses, NameTheCommitThatIsNotThere) {
  const support::TempDirectory repository;
  make_repository(repository.path());
  const std::string pipeline = house_->hub().make_pipeline(
      "gone", "steps: [{label: Way, command: make}]", "file://" + repository.path().string());
  house_->hub().rest("POST", "/organizations/ostler/pipelines/gone/builds",
                     {{"commit", std::string(40, 'a')}, {"branch", "main"}, {"message", "m"}});
  EXPECT_THAT(house_->failure_in(pipeline),
              ContainsRegex("^Way failed: .*aaaaaaaaaa.*\nphase    Preparing working directory\n"));
}

TEST_F(FailureCauses, NameTheRepositoryThatAsksForCredentials) {
  const support::TempDirectory repositories;
  std::filesystem::create_directory(repositories / "app");
  make_repository(repositories / "app");
  support::GitHttpServer server(repositories.path());
  server.protect("somebody:secret");
  EXPECT_THAT(
      house_->failure_of("command: make", "", server.url("app/.git")),
      ContainsRegex("^Way failed: http://127.0.0.1:.*/app/.git, commit [^\n]*: the server wants "
                    "credentials: [^\n]*; check the credentials[^\n]*\n"
                    "phase    Preparing working directory\n"));
}

TEST_F(FailureCauses, AreTheArtifactsWhereTheCommandPassed) {
  EXPECT_THAT(house_->failure_of_step("command: \"echo '\U0001F6A8 Error: not I'\", "
                                      "artifact_paths: \"[a-\""),
              testing::StartsWith("Way failed: the artifacts could not be uploaded; the lines "
                                  "above say why (exit status 1)\n"
                                  "phase    Uploading artifacts\ncommand  echo"));
}

TEST_F(FailureCauses, AreTheCommandsOwn) {
  EXPECT_THAT(house_->failure_of_step("command: \"echo why; exit 3\""),
              ContainsRegex("^Way failed: exit status 3\nphase    Running commands\n"
                            "command  echo why; exit 3\n(.*\n)*  why\n\n"
                            "the whole log: ostler job log "));
  EXPECT_THAT(house_->failure_of_step("command: \"kill -9 $$$$\""),
              testing::StartsWith("Way failed: killed by SIGKILL\nphase    Running commands\n"));
}

TEST_F(FailureCauses, AreWhatTheJobHasPromised) {
  const support::TempDirectory gate;
  const std::string go = (gate.path() / "go").string();
  const std::string pipeline = house_->begin_and_await_up(
      "command: \"ostler job promise-failure 3 --reason 'lint found faults'; echo up; "
      "until test -e " +
      go + "; do sleep 0.1; done\"");
  const std::string promise = "will fail: lint found faults, promised by the job";
  EXPECT_THAT(house_->person().said({"build", "show", pipeline + "/1"}),
              ContainsRegex("\nWay +running +[^ ]+ +" + promise));
  EXPECT_THAT(house_->why(pipeline), testing::HasSubstr("; it " + promise));
  EXPECT_EQ(support::run_program({"/usr/bin/touch", go}).code, 0);
  const std::string end = "exit status 3, promised by the job: lint found faults";
  EXPECT_THAT(house_->failure_in(pipeline), testing::StartsWith("Way failed: " + end + "\n"));
  EXPECT_THAT(house_->why(pipeline), testing::HasSubstr("it is over: failed, " + end));
}

TEST_F(FailureCauses, NameThePipelineThatATriggerDoesNotFind) {
  const std::string pipeline = house_->hub().make_pipeline(
      "parent",
      "env: {BUILDKITE_SKIP_CHECKOUT: 'true'}\n"
      "steps: [{command: sleep 1}, wait, {trigger: nobody, label: Next}, "
      "{label: Other, command: make, if: 'false'}]");
  const auto watched =
      house_->person().ostler({"build", "create", "--pipeline", pipeline, "--watch"});
  EXPECT_EQ(watched.code, 1) << watched.err;
  EXPECT_THAT(watched.out, ContainsRegex("\n  Next  failed.*: there is no pipeline \"nobody\"\n"));
  EXPECT_THAT(house_->person().said({"build", "show", pipeline + "/1"}),
              ContainsRegex("\nOther +skipped +its \"if\" is false"));
}

TEST_F(FailureCauses, AreToldOfATriggerAndNotAnExitStatus) {
  const std::string pipeline =
      house_->hub().make_pipeline("leader",
                                  "steps: [{trigger: nobody, key: next}, "
                                  "{command: make, label: After, depends_on: next}]");
  const auto watched =
      house_->person().ostler({"build", "create", "--pipeline", pipeline, "--watch"});
  EXPECT_THAT(watched.out, ContainsRegex("failed.*: there is no pipeline \"nobody\"\n"));
  EXPECT_THAT(watched.out, testing::Not(testing::HasSubstr("exit status")));
  const std::string why = house_->person().said({"job", "why", pipeline + "/1"});
  EXPECT_THAT(why, testing::HasSubstr("there is no pipeline \"nobody\""));
  EXPECT_THAT(why, testing::Not(testing::HasSubstr("exit status")));
}

TEST_F(FailureCauses, AreTheTimeOfTheStep) {
  const std::string pipeline =
      house_->begin_and_await_up("command: \"echo up; exec sleep 300\", timeout_in_minutes: 1");
  house_->hasten("UPDATE jobs SET due_at = 1 WHERE due_at IS NOT NULL AND started_at IS NOT NULL");
  const std::string failure = house_->failure_in(pipeline);
  EXPECT_THAT(
      failure,
      ContainsRegex("^Way failed: it took longer than its timeout of 1 minute \\(SIGTERM\\)\n"
                    "phase    Running commands\n(.*\n)*  up\n"));
  EXPECT_THAT(failure, testing::Not(testing::HasSubstr("ostler job retry")));
  EXPECT_THAT(house_->why(pipeline),
              ContainsRegex("it is over: timed_out, it took longer than its timeout of 1 minute "));
}

TEST_F(FailureCauses, AreTheTimeInWhichNoAgentCame) {
  const std::string pipeline = house_->begin("command: make, agents: {gpu: 'true'}");
  EXPECT_THAT(
      house_->person().said({"build", "show", pipeline + "/1"}),
      ContainsRegex(
          "\nWay does not run: no agent of queue default has gpu=true; the "
          "nearest is .*; \"ostler agent start --endpoint .*/v3 --build-path ~/builds --token "
          "TOKEN --queue default --tags gpu=true\" starts one, .*\n"));
  house_->hasten("UPDATE jobs SET due_at = 1 WHERE due_at IS NOT NULL AND started_at IS NULL");
  EXPECT_THAT(house_->failure_in(pipeline),
              ContainsRegex("^Way failed: no agent took it in time\ncommand  make\n\n"
                            "to try again: ostler job retry "));
  EXPECT_THAT(house_->why(pipeline), ContainsRegex("no agent took it in time; \"ostler job retry"));
}

TEST_F(FailureCauses, SuggestNoRetryThatTheStepForbids) {
  const std::string pipeline = house_->begin(
      "command: make, agents: {gpu: 'true'}, retry: {manual: {allowed: false, reason: Too dear}}");
  house_->hasten("UPDATE jobs SET due_at = 1 WHERE due_at IS NOT NULL AND started_at IS NULL");
  EXPECT_THAT(house_->failure_in(pipeline),
              ContainsRegex("^Way failed: no agent took it in time\ncommand  make\n\n"
                            "manual retries are off: Too dear\n"
                            "to try again: ostler build rebuild " +
                            pipeline + "/1\n"));
}

TEST_F(FailureCauses, AreNoneOfABuildThatWasCanceled) {
  const std::string pipeline = house_->begin_and_await_up("command: \"echo up; exec sleep 300\"");
  house_->person().said({"build", "cancel", pipeline + "/1"});
  ASSERT_TRUE(house_->hub().finished_build(pipeline, 1, std::chrono::seconds(60)));
  const std::string shown = house_->person().said({"build", "show", pipeline + "/1"});
  EXPECT_THAT(shown, ContainsRegex("\nreason  canceled by [^\n]+\n"));
  EXPECT_THAT(shown, testing::Not(testing::HasSubstr("Way failed")));
  EXPECT_THAT(house_->why(pipeline), ContainsRegex("it is over; its build was canceled by "));
}

TEST_F(FailureCauses, AreTheAgentsWhereItsProcessesDie) {
  EXPECT_THAT(house_->failure_of_step("command: \"kill -9 $$PPID; exec sleep 60\""),
              ContainsRegex("^Way failed: the agent's process that ran it died.*\n(.*\n)*"
                            "to try again: ostler job retry "));
}

TEST_F(FailureCauses, NameTheHookOfTheRepository) {
  const support::TempDirectory repository;
  make_repository(repository.path(),
                  "mkdir -p .buildkite/hooks; touch .buildkite/hooks/pre-command");
  EXPECT_THAT(house_->failure_of("command: make", "", repository.path().string()),
              ContainsRegex("^Way failed: hooks are not supported yet: .*/.buildkite/hooks/"
                            "pre-command; remove it \\(exit status 1\\)\n"
                            "phase    Preparing working directory\n"));
}

}  // namespace
}  // namespace ostler
