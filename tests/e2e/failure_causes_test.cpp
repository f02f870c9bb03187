// SPDX-License-Identifier: Apache-2.0
// What a person reads of each way in which a job can fail, on a real hub with a real agent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files/file.hpp"
#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using testing::ContainsRegex;

/// A hub, an agent, and somebody who asks for builds.
class House {
 public:
  /// The end of `build show` of a build whose only job, called Way, has failed.
  std::string failure_of(const std::string& step, const std::string& env = "",
                         const std::string& repository = "https://git.example.com/none") {
    const std::string pipeline = "way-" + std::to_string(++made_);
    hub_.make_pipeline(pipeline, "env: {" + env + "}\nsteps: [{label: Way, " + step + "}]\n",
                       repository);
    hub_.make_build(pipeline);
    EXPECT_TRUE(hub_.finished_build(pipeline, 1, 120s)) << agent_.program().err();
    const std::string shown = ostler({"build", "show", pipeline + "/1"});
    const std::size_t begin = shown.find("\nWay failed: ");
    EXPECT_NE(begin, shown.npos) << shown;
    return begin == shown.npos ? "" : shown.substr(begin + 1);
  }

  /// The same without a checkout.
  std::string failure_of_step(const std::string& step) {
    return failure_of(step, "BUILDKITE_SKIP_CHECKOUT: \"true\"");
  }

 private:
  std::string ostler(std::vector<std::string> words) const {
    words.insert(words.begin(), support::ostler_program());
    const auto token = files::read_file(hub_.data() / "api-token").value();
    const auto done = support::run_program(
        words, {.environment = {{"HOME", directory_.path().string()},
                                {"OSTLER_URL", hub_.url()},
                                {"OSTLER_API_TOKEN", token.substr(0, token.find('\n'))},
                                {"OSTLER_ORGANIZATION", "ostler"}},
                .directory = directory_.path()});
    EXPECT_EQ(done.code, 0) << done.err;
    return done.out;
  }

  const support::TempDirectory directory_;
  support::HubProcess hub_{directory_.path()};
  support::AgentProcess agent_{hub_, directory_.path(), {}};
  int made_ = 0;
};

class FailureCauses : public testing::Test {
 protected:
  static void SetUpTestSuite() { house_ = std::make_unique<House>(); }
  static void TearDownTestSuite() { house_.reset(); }

  static std::unique_ptr<House> house_;
};

std::unique_ptr<House> FailureCauses::house_;

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
}

TEST_F(FailureCauses, NameTheRepositoryThatIsNotThere) {
  EXPECT_THAT(
      house_->failure_of("command: make", "", "/nowhere/at/all"),
      ContainsRegex("Way failed: /nowhere/at/all, commit .*: open repository .* \\(exit status 1\\)"
                    "\nphase    Preparing working directory\ncommand  make\n"));
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

TEST_F(FailureCauses, AreTheAgentsWhereItsProcessesDie) {
  EXPECT_THAT(house_->failure_of_step("command: \"kill -9 $$PPID; exec sleep 60\""),
              testing::StartsWith("Way failed: the agent's process that ran it died"));
}

TEST_F(FailureCauses, NameTheHookOfTheRepository) {
  const support::TempDirectory repository;
  const auto made = support::run_program(
      {"/bin/bash", "-ec",
       "git init -q -b main; mkdir -p .buildkite/hooks; touch .buildkite/hooks/pre-command; "
       "git add .; git -c user.name=t -c user.email=t@example.org commit -q -m hook"},
      {.environment = {}, .directory = repository.path()});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(house_->failure_of("command: make", "", repository.path().string()),
              ContainsRegex("^Way failed: hooks are not supported yet: .*/.buildkite/hooks/"
                            "pre-command; remove it \\(exit status 1\\)\n"
                            "phase    Preparing working directory\n"));
}

}  // namespace
}  // namespace ostler
