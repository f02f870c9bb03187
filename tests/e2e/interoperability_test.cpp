// SPDX-License-Identifier: Apache-2.0
// A genuine buildkite-agent runs a build on our hub. OSTLER_GENUINE_AGENT names its binary, which
// must be called buildkite-agent; without it there is nothing to test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <fstream>

#include "support/child_program.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

using support::ChildProgram;
using support::run_program;
using testing::HasSubstr;

constexpr const char* kPipeline = R"yaml(
steps:
  - label: "First"
    commands:
      - "mkdir -p out && echo one > out/a.txt && echo two > out/b.txt"
      - "buildkite-agent artifact upload 'out/*'"
      - "buildkite-agent meta-data set colour green"
      - "buildkite-agent annotate 'all is well' --style success"
      - "buildkite-agent pipeline upload more.yml"
      - "echo the label is $$(buildkite-agent step get label)"
)yaml";

constexpr const char* kMore = R"yaml(
steps:
  - label: "Second"
    commands:
      - "echo the colour is $$(buildkite-agent meta-data get colour)"
      - "buildkite-agent artifact download 'out/*' . && cat out/b.txt"
      - "exit 7"
)yaml";

class Interoperability : public testing::Test {
 protected:
  void SetUp() override {
    const char* named = std::getenv("OSTLER_GENUINE_AGENT");
    if (named == nullptr) GTEST_SKIP() << "OSTLER_GENUINE_AGENT names no buildkite-agent";
    agent_ = named;
    ASSERT_EQ(agent_.filename(), "buildkite-agent");
    make_repository();
  }

  void make_repository() {
    const std::string repository = directory_ / "repository";
    ASSERT_EQ(run_program({"git", "init", "-q", "-b", "main", repository}).code, 0);
    std::ofstream(directory_ / "repository/more.yml") << kMore;
    ASSERT_EQ(run_program({"git", "-C", repository, "add", "."}).code, 0);
    ASSERT_EQ(run_program({"git", "-C", repository, "-c", "user.name=Ann", "-c",
                           "user.email=ann@example.com", "commit", "-qm", "More"})
                  .code,
              0);
  }

  ChildProgram start_agent(const support::RunningHub& hub) {
    const std::string path = agent_.parent_path().string() + ":" + std::getenv("PATH");
    return ChildProgram({agent_, "start", "--endpoint", hub.endpoint(), "--token",
                         hub.agent_token(), "--build-path", directory_ / "builds",
                         "--bootstrap-script", agent_.string() + " bootstrap"},
                        directory_.path(),
                        {.environment = {{"PATH", path}, {"HOME", directory_.path()}},
                         .directory = directory_.path()});
  }

  std::filesystem::path agent_;
  support::TempDirectory directory_;
};

TEST_F(Interoperability, AGenuineAgentRunsABuildWithEverythingAJobUses) {
  support::HubProcess hub(directory_.path());
  auto agent = start_agent(hub);
  const std::string slug = hub.make_pipeline("genuine", kPipeline, directory_ / "repository");
  const auto build = hub.finished_build(slug, hub.make_build(slug), std::chrono::seconds(90));
  ASSERT_TRUE(build) << agent.out() << agent.err();
  EXPECT_EQ(build->at("state"), "failed") << "the last command says so";
  ASSERT_EQ(build->at("jobs").size(), 2u) << hub.log(slug, 1);
  EXPECT_EQ(build->at("jobs").at(0).at("exit_status"), 0) << hub.log(slug, 1);
  EXPECT_EQ(build->at("jobs").at(1).at("exit_status"), 7) << hub.log(slug, 1, 1);
  EXPECT_THAT(hub.log(slug, 1), HasSubstr("the label is First"));
  EXPECT_THAT(hub.log(slug, 1, 1), HasSubstr("the colour is green"));
  EXPECT_THAT(support::plain_log(hub.log(slug, 1, 1)), HasSubstr("\ntwo\n"));
  const auto annotations =
      hub.rest("GET", "/organizations/ostler/pipelines/" + slug + "/builds/1/annotations").json();
  EXPECT_EQ(annotations.at(0).at("style"), "success");
  agent.signal(SIGTERM);
  EXPECT_EQ(agent.wait(std::chrono::seconds(30)), 0) << agent.err();
}

}  // namespace
}  // namespace ostler
