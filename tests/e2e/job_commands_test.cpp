// SPDX-License-Identifier: Apache-2.0
// The commands of a job, inside a real job of a real agent on a real hub.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
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
  for (const char* line : {"b x=y", "removed 1", "label Worked hard",
                           "doomed waiting_for_dependencies", "doomed \"canceled\"", "colour 1",
                           "timeout 30", "exit status 7 has been promised already", "second 1"}) {
    EXPECT_THAT(log(), HasSubstr(line));
  }
  EXPECT_EQ(build["state"], "failed");
  EXPECT_EQ(build["meta_data"]["a"], "1");
  EXPECT_EQ(build["jobs"][0]["name"], "Worked hard");
  EXPECT_EQ(build["jobs"][0]["exit_status"], 7) << "as promised, though the command exited with 0";
  EXPECT_EQ(build["jobs"][1]["state"], "canceled");
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

}  // namespace
}  // namespace ostler
