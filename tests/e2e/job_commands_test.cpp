// SPDX-License-Identifier: Apache-2.0
// The commands of a job, inside a real job of a real agent on a real hub.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/tcp_proxy.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class JobCommands : public testing::Test {
 protected:
  nlohmann::json run(const std::string& yaml) {
    slug_ = hub_.make_pipeline("p", "env: {BUILDKITE_SKIP_CHECKOUT: \"true\"}\n" + yaml);
    const auto build = hub_.finished_build(slug_, hub_.make_build(slug_), 60s);
    EXPECT_TRUE(build) << agent_.program().err();
    return build.value_or(nlohmann::json::object());
  }
  std::string log() { return support::plain_log(hub_.log(slug_, 1, 0)); }

  const support::TempDirectory directory_;
  support::HubProcess hub_{directory_.path()};
  support::AgentProcess agent_{hub_, directory_.path()};
  std::string slug_;
};

TEST_F(JobCommands, ChangeTheirBuildStepsAndJob) {
  const auto build = run(R"yaml(
steps:
  - key: work
    label: Work
    command: |
      set -e
      ostler meta-data set-batch a=1 b=x=y
      echo "b $$(buildkite-agent meta-data get b)"
      ostler meta-data get b > /dev/full || echo "full $$?"
      echo "**fine**" | ostler annotate --style success --context report
      buildkite-agent annotate more --append --context report
      ostler annotate 'about this job' --scope job
      ostler annotation remove --context report
      ostler annotation remove --context report || echo "removed $$?"
      ostler step update label Worked
      printf ' hard' | ostler step update label --append
      echo "label $$(ostler step get label)"
      echo "doomed $$(buildkite-agent step get state --step doomed)"
      ostler step cancel --step doomed
      echo "doomed $$(ostler step get state --step doomed --format json)"
      ostler step get colour || echo "colour $$?"
      ostler job update timeout 30
      echo "timeout $$(ostler step get timeout_in_minutes)"
      ostler job promise-failure 7 --reason 'no good'
      buildkite-agent job promise-failure 7
      ostler job promise-failure 8 || echo "second $$?"
  - {key: doomed, command: echo, depends_on: work}
)yaml");
  for (const char* line :
       {"b x=y", "standard output: No space left on device", "full 1", "removed 1",
        "label Worked hard", "doomed waiting_for_dependencies", "doomed \"canceled\"", "colour 1",
        "timeout 30", "exit status 7 has been promised already", "second 1"}) {
    EXPECT_THAT(log(), HasSubstr(line));
  }
  EXPECT_EQ(build["state"], "failed");
  EXPECT_EQ(build["meta_data"]["a"], "1");
  EXPECT_EQ(build["jobs"][0]["name"], "Worked hard");
  EXPECT_EQ(build["jobs"][0]["exit_status"], 7) << "as promised, though the command exited with 0";
  EXPECT_EQ(build["jobs"][1]["state"], "canceled");
}

TEST_F(JobCommands, ReadOtherBuilds) {
  const auto first = run(R"yaml(
steps:
  - command: |
      ostler meta-data set version 1.2
      echo content > out.txt
      ostler artifact upload out.txt
)yaml");
  ASSERT_EQ(first["state"], "passed") << log();
  hub_.make_pipeline("q", R"yaml(
env: {BUILDKITE_SKIP_CHECKOUT: "true"}
steps:
  - command: |
      echo "version $$(ostler meta-data get version --build $$OTHER)"
      ostler meta-data exists none --build $$OTHER || echo "none $$?"
      echo "empty [$$(ostler meta-data get none --default= --build $$OTHER)]"
      ostler artifact download out.txt . --build $$OTHER && echo "have $$(cat out.txt)"
)yaml");
  slug_ = "q";
  const auto build = hub_.finished_build("q", hub_.make_build("q", {{"OTHER", first["id"]}}), 60s);
  ASSERT_TRUE(build);
  for (const char* line : {"version 1.2", "none 100", "empty []", "have content"}) {
    EXPECT_THAT(log(), HasSubstr(line));
  }
}

TEST_F(JobCommands, ChangeTheEnvironmentByJson) {
  run(R"yaml(
steps:
  - command: |
      ostler env set --input-format json '{"A":"1","B":"[2]"}'
      ostler env unset --input-format json '["A","B"]'
)yaml");
  EXPECT_THAT(log(), HasSubstr("Unset:"));
  EXPECT_THAT(log(), HasSubstr("- B"));
}

TEST_F(JobCommands, CancelTheirBuild) {
  const auto build = run("steps:\n  - command: ostler build cancel && sleep 60\n");
  EXPECT_EQ(build["state"], "canceled") << log();
}

TEST_F(JobCommands, ReadSecretsAndAskForIdentityTokensWhichTheLogHides) {
  const std::string cluster = hub_.rest("GET", "/organizations/ostler/clusters").json()[0]["id"];
  ASSERT_EQ(hub_.rest("POST", "/organizations/ostler/clusters/" + cluster + "/secrets",
                      {{"key", "DEPLOY_KEY"}, {"value", "correct-horse-battery"}})
                .status,
            201);
  const auto build = run(R"yaml(
steps:
  - command: |
      value=$$(ostler secret get DEPLOY_KEY)
      [ "$$value" = correct-horse-battery ] && echo "read $$value"
      buildkite-agent secret get NONE || echo "missing $$?"
      token=$$(buildkite-agent oidc request-token --audience me)
      echo "token $$token"
      echo "$$token" | cut -d. -f2 | tr _- /+ | base64 -d 2>/dev/null | grep -o '"aud":"me"'
)yaml");
  EXPECT_EQ(build["state"], "passed") << log();
  for (const char* line : {"read [REDACTED]", "missing 1", "token [REDACTED]", "\"aud\":\"me\""}) {
    EXPECT_THAT(log(), HasSubstr(line));
  }
}

TEST_F(JobCommands, OpenRepositoriesWithTheTokenOfTheServer) {
  const std::string cluster = hub_.rest("GET", "/organizations/ostler/clusters").json()[0]["id"];
  ASSERT_EQ(hub_.rest("POST", "/organizations/ostler/clusters/" + cluster + "/secrets",
                      {{"key", "REPOSITORY_TOKEN"}, {"value", "correct-horse-battery"}})
                .status,
            201);
  slug_ = hub_.make_pipeline("p", R"yaml(
env:
  BUILDKITE_SKIP_CHECKOUT: "true"
  BUILDKITE_USE_REPOSITORY_PROVIDER_GIT_CREDENTIALS: "true"
steps:
  - command: |
      ask() { printf 'protocol=https\nhost=%s\npath=acme/app.git\n\n' "$$1"; }
      ask github.com | git credential fill >answer
      cat answer
      grep -qx password=correct-horse-battery answer && echo "git has it"
      ask gitlab.com | buildkite-agent git-credentials-helper get || echo "refused $$?"
      ask github.com | buildkite-agent git-credentials-helper store && echo "stores nothing"
      echo "rewritten: $$(git ls-remote --get-url git@github.com:acme/app.git)"
)yaml",
                             "git@github.com:acme/app.git");
  const auto build = hub_.finished_build(slug_, hub_.make_build(slug_), 60s);
  ASSERT_TRUE(build) << agent_.program().err();
  for (const char* line :
       {"username=token\npassword=[REDACTED]\n", "\ngit has it\n",
        "\nusername=fail\npassword=fail\n", "\nrefused 1\n", "\nstores nothing\n",
        "\nrewritten: https://github.com/acme/app.git\n"}) {
    EXPECT_THAT(log(), HasSubstr(line));
  }
}

/// A sandbox without a network has a socket only.
TEST(UnixEndpoint, ServesAWholeJob) {
  const support::TempDirectory directory;
  const support::HubProcess hub(directory.path());
  const auto socket = directory / "api.sock";
  const support::TcpProxy proxy(hub.port(), socket);
  support::AgentProcess agent("unix:" + socket.string(), hub.agent_token_file(), directory.path(),
                              {});
  const auto slug = hub.make_pipeline("p", R"yaml(
env: {BUILDKITE_SKIP_CHECKOUT: "true"}
steps:
  - command: |
      ostler meta-data set a 1
      echo "a $$(buildkite-agent meta-data get a) from $$BUILDKITE_AGENT_ENDPOINT"
)yaml");
  const auto build = hub.finished_build(slug, hub.make_build(slug), 60s);
  ASSERT_TRUE(build) << agent.program().err();
  EXPECT_EQ(build->at("state"), "passed");
  EXPECT_THAT(support::plain_log(hub.log(slug, 1)), HasSubstr("a 1 from unix:" + socket.string()));
  EXPECT_GT(proxy.count("/finish"), 0);
  EXPECT_EQ(agent.stop(), 0) << agent.program().err();
}

}  // namespace
}  // namespace ostler
