// SPDX-License-Identifier: Apache-2.0
// Whole pipelines from REST to finish through the real hub, agent, keeper and worker.
#include <gtest/gtest.h>

#include "files/file.hpp"
#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;

std::string contents(const std::filesystem::path& path) {
  auto text = files::read_file(path);
  return text ? text.value() : "(none)";
}

class Pipeline : public testing::Test {
 protected:
  Pipeline() {
    git({"init", "-q", "-b", "main", repository_.string()});
    EXPECT_TRUE(files::write_file_atomically(repository_ / "hello.txt", "hello from git\n"));
    git({"-C", repository_.string(), "add", "."});
    git({"-C", repository_.string(), "-c", "user.name=t", "-c", "user.email=t@example.org",
         "commit", "-q", "-m", "first"});
  }

  static void git(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "git");
    const auto done = support::run_program(arguments);
    ASSERT_EQ(done.code, 0) << done.err;
  }

  nlohmann::json run(const std::string& yaml, const nlohmann::json& env = {}) {
    slug_ = hub_.make_pipeline("p" + std::to_string(++count_), yaml, repository_.string());
    number_ = hub_.make_build(slug_, env);
    const auto build = hub_.finished_build(slug_, number_, 60s);
    EXPECT_TRUE(build) << agent_.program().err();
    return build.value_or(nlohmann::json::object());
  }

  std::string log(std::size_t job = 0) { return support::plain_log(hub_.log(slug_, number_, job)); }

  const support::TempDirectory directory_;
  const std::filesystem::path repository_ = directory_ / "repository";
  support::HubProcess hub_{directory_.path()};
  support::AgentProcess agent_{hub_, directory_.path(), {"--spawn", "2", "--tags", "os=linux"}};
  std::string slug_;
  int number_ = 0;
  int count_ = 0;
};

TEST_F(Pipeline, GivesAStepItsSecretsAndNobodyElse) {
  const std::string clusters = "/organizations/ostler/clusters";
  const std::string cluster = hub_.rest("GET", clusters).json().at(0).at("id");
  ASSERT_EQ(hub_.rest("POST", clusters + "/" + cluster + "/secrets",
                      {{"key", "DEPLOY"}, {"value", "open-sesame"}})
                .status,
            201);
  const auto build = run(R"yaml(
checkout: {skip: true}
steps:
  - command: test "$$TOKEN" = "open-$(echo sesame)" && echo "it is $$TOKEN" && test ! -e hello.txt && buildkite-agent meta-data set told "is $$TOKEN" && if echo 'steps; [{command; "echo $$TOKEN"}]' | tr ';' ':' | buildkite-agent pipeline upload; then exit 3; fi
    secrets: {TOKEN: DEPLOY}
  - command: test -z "$$TOKEN" && test -z "$$DEPLOY" && cat hello.txt
    checkout: {skip: false}
  - {command: echo never, secrets: [NOWHERE], soft_fail: true}
)yaml");
  EXPECT_EQ(build["state"], "passed") << log() << log(1) << log(2);
  EXPECT_NE(log().find("it is [REDACTED]"), std::string::npos) << log();
  EXPECT_EQ(log().find("open-sesame"), std::string::npos);
  EXPECT_EQ(build["meta_data"]["told"], "is [REDACTED]") << "commands know it by its variable";
  EXPECT_NE(log().find("cannot be uploaded"), std::string::npos) << log();
  EXPECT_EQ(build["jobs"][2]["exit_status"], -1);
  EXPECT_NE(log(2).find("secret \"NOWHERE\": "), std::string::npos) << log(2);
  EXPECT_EQ(log(2).find("never\n"), std::string::npos) << log(2);
  const std::string job = build["jobs"][0]["id"];
  const auto env = hub_.rest(
      "GET", "/organizations/ostler/pipelines/" + slug_ + "/builds/1/jobs/" + job + "/env");
  EXPECT_EQ(env.status, 200);
  EXPECT_EQ(env.body.find("open-sesame"), std::string::npos) << "the hub does not keep it there";
}

TEST_F(Pipeline, SkipsUploadedStepsThatTheCommitDoesNotTouch) {
  EXPECT_TRUE(files::write_file_atomically(repository_ / "api.txt", "api\n"));
  git({"-C", repository_.string(), "add", "."});
  git({"-C", repository_.string(), "-c", "user.name=t", "-c", "user.email=t@example.org", "commit",
       "-q", "-m", "second"});
  const auto build = run(R"yaml(
steps:
  - command: |
      echo '[{command: "true", if_changed: api.txt}, {command: "true", if_changed: hello.txt}]' | buildkite-agent pipeline upload
)yaml");
  EXPECT_EQ(build["state"], "passed") << log();
  ASSERT_EQ(build["jobs"].size(), 3u) << log();
  EXPECT_EQ(build["jobs"][1]["state"], "passed") << log();
  EXPECT_EQ(build["jobs"][2]["state"], "broken") << log();
  EXPECT_NE(log().find("if_changed: 1 file changed since "), std::string::npos) << log();
}

TEST_F(Pipeline, ChecksOutARepositoryAndRunsACommandInIt) {
  const auto build = run("steps:\n  - command: cat hello.txt\n");
  EXPECT_EQ(build["state"], "passed") << log();
  EXPECT_NE(log().find("hello from git"), std::string::npos) << log();
}

TEST_F(Pipeline, StopsAtAWaitWhenAStepBeforeItFails) {
  const auto build = run("steps:\n  - command: exit 3\n  - wait\n  - command: echo after\n");
  EXPECT_EQ(build["state"], "failed");
  EXPECT_EQ(build["jobs"][0]["exit_status"], 3);
  EXPECT_EQ(build["jobs"][2]["state"], "waiting_failed");
}

TEST_F(Pipeline, PassesArtifactsAndMetaDataFromStepToStep) {
  const auto build = run(R"yaml(
steps:
  - key: make
    command:
      - echo payload > out.txt
      - buildkite-agent meta-data set colour green
    artifact_paths: out.txt
  - depends_on: make
    command:
      - mkdir -p got
      - buildkite-agent artifact download out.txt got
      - cat got/out.txt
      - echo "colour $$(ostler meta-data get colour)"
)yaml");
  EXPECT_EQ(build["state"], "passed") << log(0) << log(1);
  EXPECT_NE(log(1).find("payload"), std::string::npos) << log(1);
  EXPECT_NE(log(1).find("colour green"), std::string::npos) << log(1);
}

TEST_F(Pipeline, HidesSecretsBeforeTheyReachTheLog) {
  const auto build = run("steps:\n  - command: echo \"it is $$MY_TOKEN.\"\n",
                         {{"MY_TOKEN", "correct-horse-battery"}});
  EXPECT_EQ(build["state"], "passed");
  EXPECT_EQ(log().find("correct-horse-battery"), std::string::npos);
  EXPECT_NE(log().find("it is [REDACTED]."), std::string::npos) << log();
}

TEST_F(Pipeline, RunsOnlyWhereTheTagsMatch) {
  const auto slug = hub_.make_pipeline("tags", R"yaml(
env: {BUILDKITE_SKIP_CHECKOUT: "true"}
steps:
  - {command: "true", agents: {os: linux}}
  - {command: "true", agents: {os: plan9}}
)yaml");
  const int number = hub_.make_build(slug);
  EXPECT_TRUE(support::wait_until(
      30s, [&] { return hub_.build(slug, number)["jobs"][0]["state"] == "passed"; }));
  EXPECT_EQ(hub_.build(slug, number)["jobs"][1]["state"], "scheduled");
}

TEST_F(Pipeline, CancelsARunningJobAndEndsItsProcesses) {
  const auto mark = directory_ / "started";
  const auto slug = hub_.make_pipeline("cancel", R"yaml(
env: {BUILDKITE_SKIP_CHECKOUT: "true"}
steps:
  - command: |
      setsid sleep 600 &
      echo $$! > "$$MARK"
      sleep 600
)yaml");
  const int number = hub_.make_build(slug, {{"MARK", mark.string()}});
  ASSERT_TRUE(support::wait_until(30s, [&] { return std::atoi(contents(mark).c_str()) > 0; }));
  const auto path =
      "/organizations/ostler/pipelines/cancel/builds/" + std::to_string(number) + "/cancel";
  EXPECT_EQ(hub_.rest("PUT", path).status, 200);
  const auto build = hub_.finished_build(slug, number, 30s);
  ASSERT_TRUE(build);
  EXPECT_EQ((*build)["state"], "canceled");
  EXPECT_EQ((*build)["jobs"][0]["state"], "canceled");
  const std::string daemon = contents(mark);
  EXPECT_FALSE(std::filesystem::exists("/proc/" + daemon.substr(0, daemon.find('\n'))));
}

TEST_F(Pipeline, TimesAJobOut) {
  const auto slug = hub_.make_pipeline("slow", R"yaml(
env: {BUILDKITE_SKIP_CHECKOUT: "true"}
steps:
  - {command: sleep 600, timeout_in_minutes: 1}
)yaml");
  const int number = hub_.make_build(slug);
  const auto build = hub_.finished_build(slug, number, 90s);
  ASSERT_TRUE(build);
  EXPECT_EQ((*build)["state"], "failed");
  EXPECT_EQ((*build)["jobs"][0]["state"], "timed_out");
}

TEST_F(Pipeline, DrainsOnTermAndLeavesNoSession) {
  const auto slug = hub_.make_pipeline("drain", R"yaml(
env: {BUILDKITE_SKIP_CHECKOUT: "true"}
steps:
  - command: "echo begun; touch \"$$MARK\"; sleep 1; echo ended"
)yaml");
  const auto mark = directory_ / "begun";
  const int number = hub_.make_build(slug, {{"MARK", mark.string()}});
  ASSERT_TRUE(support::wait_until(30s, [&] { return std::filesystem::exists(mark); }));
  EXPECT_EQ(agent_.stop(), 0);
  EXPECT_EQ(hub_.build(slug, number)["state"], "passed");
}

}  // namespace
}  // namespace ostler
