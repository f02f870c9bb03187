// SPDX-License-Identifier: Apache-2.0
// `ostler run --from-build`: a job of a hub's build once more, at one's desk.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/person.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kSteps = R"yaml(
steps:
  - {key: first, label: First, command: "ostler meta-data set colour red"}
  - {key: test, label: Test, env: {SPEED: "fast $$1"}, command: "sh test.sh", depends_on: first}
)yaml";
constexpr const char* kBroken =
    "echo \"$SPEED $(ostler meta-data get colour) $BUILDKITE_MESSAGE\"\n"
    "ostler secret get NPM_TOKEN && echo found\nexit 3\n";

/// A hub and an agent, a repository, and a build of it whose second job failed.
class RunFromBuild : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directory(tree_);
    git({"init", "-q", "-b", "main"});
    write(kBroken);
    git({"add", "."});
    git({"-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "first"});
    hub_.make_pipeline("app", kSteps, tree_.string());
    const auto made = ostler({"build", "create", "--pipeline", "app", "--message", "red"});
    ASSERT_EQ(made.code, 0) << made.err;
    ASSERT_TRUE(hub_.finished_build("app", 1, 60s)) << agent_.program().err();
  }

  void git(std::vector<std::string> words) const {
    words.insert(words.begin(), {"git", "-C", tree_.string()});
    const auto done = support::run_program(words);
    ASSERT_EQ(done.code, 0) << done.err;
  }
  std::string commit() const {
    return support::run_program({"git", "-C", tree_.string(), "rev-parse", "HEAD"}).out;
  }
  void write(const std::string& script) const { std::ofstream(tree_ / "test.sh") << script; }
  support::ProgramResult ostler(std::vector<std::string> words) const {
    return person_.ostler(std::move(words));
  }

  support::TempDirectory directory_;
  fs::path tree_ = directory_ / "tree";
  support::HubProcess hub_{directory_.path()};
  support::AgentProcess agent_{hub_, directory_.path(), {}};
  support::Person person_{hub_, tree_};
};

TEST_F(RunFromBuild, RepeatsWhatFailedWithItsCommitEnvironmentAndMetaData) {
  write("echo changed\n");  // not what the build had
  const auto result = ostler({"run", "--from-build", "app/1"});
  EXPECT_EQ(result.code, 1) << result.err;
  EXPECT_THAT(result.out,
              HasSubstr("Running Test of app/1 on main at " + commit().substr(0, 10) + "\n"));
  EXPECT_THAT(result.out, HasSubstr("    fast $1 red red\n"));
  EXPECT_THAT(result.out, HasSubstr("Test failed: exit status 3\n"));
  EXPECT_THAT(result.out, Not(HasSubstr("First")));
  EXPECT_THAT(result.out, Not(HasSubstr("it is fetched")));
}

TEST_F(RunFromBuild, TriesTheChangesOfTheWorkTree) {
  write("echo mended by $SPEED\n");
  const auto result = ostler({"run", "--from-build=app/1", "--step", "test", "--work-tree"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("with 1 file not committed\n"));
  EXPECT_THAT(result.out, HasSubstr("    mended by fast $1\n"));
}

TEST_F(RunFromBuild, AsksForSecretsAndShowsThemNowhere) {
  const auto result =
      person_.shell("echo hunter2hunter2 | ostler run --from-build=app/1 --secret NPM_TOKEN");
  EXPECT_EQ(result.code, 1) << result.err;
  EXPECT_THAT(result.out, HasSubstr("    found\n"));
  EXPECT_THAT(result.out + result.err, Not(HasSubstr("hunter2")));
}

TEST_F(RunFromBuild, AsksForTheSecretsThatTheStepNames) {
  ASSERT_EQ(person_.shell("echo server-side | ostler secret set DEPLOY_KEY").code, 0);
  hub_.make_pipeline("sealed",
                     "steps:\n  - {key: use, command: \"test \\\"$$KEY\\\" = hunter2hunter2\", "
                     "secrets: {KEY: DEPLOY_KEY}}\n",
                     tree_.string());
  ASSERT_EQ(ostler({"build", "create", "--pipeline", "sealed"}).code, 0);
  ASSERT_TRUE(hub_.finished_build("sealed", 1, 60s));
  const auto result = person_.shell("echo hunter2hunter2 | ostler run --from-build=sealed/1");
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_THAT(result.out + result.err, Not(HasSubstr("hunter2hunter2\n")));
}

TEST_F(RunFromBuild, FetchesTheCommitWhereThereIsNoRepository) {
  const fs::path elsewhere = directory_ / "elsewhere";
  fs::create_directory(elsewhere);
  const auto result = support::Person(hub_, elsewhere).ostler({"run", "--from-build", "app/1"});
  EXPECT_EQ(result.code, 1) << result.err;
  EXPECT_THAT(result.out, HasSubstr("it is fetched from " + tree_.string()));
  EXPECT_THAT(result.out, HasSubstr("    fast $1 red red\n"));
}

TEST_F(RunFromBuild, SaysWhatThereIsToRepeat) {
  const auto unknown = ostler({"run", "--from-build", "app/1", "--step", "none"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("no job with the key or label \"none\""));
  EXPECT_THAT(unknown.err, HasSubstr("ostler run --from-build app/1 --step first"));
  const support::TempDirectory empty;
  const auto neither = support::Person(hub_, empty.path()).ostler({"run"});
  EXPECT_EQ(neither.code, 2);
  EXPECT_THAT(neither.err, HasSubstr("no pipeline file here"));
}

}  // namespace
}  // namespace ostler
