// SPDX-License-Identifier: Apache-2.0
#include "environment/compose.hpp"

#include <gtest/gtest.h>

#include "environment/redacted_vars.hpp"

namespace ostler::environment {
namespace {

TEST(Compose, KeepsWhatTheServerGives) {
  const Variables job = compose({{"CI", "true"}, {"BUILDKITE_REPO", "git@x:y"}}, {});
  EXPECT_EQ(value_of(job, "CI"), "true");
  EXPECT_EQ(value_of(job, "BUILDKITE_REPO"), "git@x:y");
  EXPECT_FALSE(job.contains("BUILDKITE_IGNORED_ENV"));
}

TEST(Compose, LetsTheAgentWinAndNamesWhatItReplaced) {
  AgentSettings settings;
  settings.build_path = "/builds";
  settings.shell = "/bin/zsh -c";
  const Variables job =
      compose({{"BUILDKITE_SHELL", "evil"}, {"BUILDKITE_BUILD_PATH", "/"}}, settings);
  EXPECT_EQ(value_of(job, "BUILDKITE_SHELL"), "/bin/zsh -c");
  EXPECT_EQ(value_of(job, "BUILDKITE_BUILD_PATH"), "/builds");
  EXPECT_EQ(value_of(job, "BUILDKITE_IGNORED_ENV"), "BUILDKITE_BUILD_PATH,BUILDKITE_SHELL");
}

TEST(Compose, DropsLockedVariablesThatTheAgentDoesNotSet) {
  const Variables job = compose({{"BUILDKITE_KUBERNETES_EXEC", "true"}}, {});
  EXPECT_FALSE(job.contains("BUILDKITE_KUBERNETES_EXEC"));
  EXPECT_EQ(value_of(job, "BUILDKITE_IGNORED_ENV"), "BUILDKITE_KUBERNETES_EXEC");
}

TEST(Compose, NeverPassesTheRegistrationToken) {
  const Variables job = compose({{"BUILDKITE_AGENT_TOKEN", "reg"}}, {});
  EXPECT_FALSE(job.contains("BUILDKITE_AGENT_TOKEN"));
}

TEST(Compose, EmitsSomeVariablesOnlyAwayFromTheirDefaults) {
  const Variables plain = compose({}, {});
  for (const char* name :
       {"BUILDKITE_PTY", "BUILDKITE_CANCEL_SIGNAL", "BUILDKITE_GIT_SUBMODULES",
        "BUILDKITE_SKIP_CHECKOUT", "BUILDKITE_GIT_CHECKOUT_TIMEOUT",
        "BUILDKITE_ARTIFACT_UPLOAD_CONCURRENCY", "BUILDKITE_NO_MULTIPART_ARTIFACT_UPLOAD"}) {
    EXPECT_FALSE(plain.contains(name)) << name;
  }
  AgentSettings settings;
  settings.pty = false;
  settings.cancel_signal = "SIGINT";
  settings.git_submodules = false;
  settings.skip_checkout = true;
  settings.git_checkout_timeout = 30;
  settings.artifact_upload_concurrency = 3;
  settings.no_multipart_artifact_upload = true;
  const Variables job = compose({}, settings);
  EXPECT_EQ(value_of(job, "BUILDKITE_GIT_CHECKOUT_TIMEOUT"), "30");
  EXPECT_EQ(value_of(job, "BUILDKITE_ARTIFACT_UPLOAD_CONCURRENCY"), "3");
  EXPECT_EQ(value_of(job, "BUILDKITE_NO_MULTIPART_ARTIFACT_UPLOAD"), "true");
  EXPECT_EQ(value_of(job, "BUILDKITE_PTY"), "false");
  EXPECT_EQ(value_of(job, "BUILDKITE_CANCEL_SIGNAL"), "SIGINT");
  EXPECT_EQ(value_of(job, "BUILDKITE_GIT_SUBMODULES"), "false");
  EXPECT_EQ(value_of(job, "BUILDKITE_SKIP_CHECKOUT"), "true");
}

TEST(Compose, TellsWhetherSshTrustsNewHosts) {
  AgentSettings settings;
  EXPECT_EQ(value_of(compose({}, settings), "BUILDKITE_SSH_KEYSCAN"), "true");
  settings.ssh_keyscan = false;
  EXPECT_EQ(
      value_of(compose({{"BUILDKITE_SSH_KEYSCAN", "true"}}, settings), "BUILDKITE_SSH_KEYSCAN"),
      "false");
}

TEST(Compose, KeepsTheCheckoutFromAJobThatMayOnlyRunScripts) {
  AgentSettings settings;
  settings.command_eval = false;
  const Variables job = compose(
      {{"BUILDKITE_SKIP_CHECKOUT", "true"}, {"BUILDKITE_GIT_SUBMODULES", "false"}}, settings);
  EXPECT_EQ(value_of(job, "BUILDKITE_CHECKOUT_OVERRIDE_MODE"), "strict");
  EXPECT_EQ(value_of(job, "BUILDKITE_SKIP_CHECKOUT"), "false");
  EXPECT_EQ(value_of(job, "BUILDKITE_GIT_SUBMODULES"), "true");
  EXPECT_EQ(value_of(job, "BUILDKITE_GIT_CHECKOUT_TIMEOUT"), "0");
}

TEST(Compose, WritesSettingsAsTheGenuineAgentDoes) {
  AgentSettings settings;
  settings.access_token = "tok";
  settings.cancel_signal_timeout = std::chrono::seconds(42);
  settings.request_headers = {{"X-Cell-Id", "7"}};
  const Variables job = compose({}, settings);
  EXPECT_EQ(value_of(job, "BUILDKITE_AGENT_ACCESS_TOKEN"), "tok");
  EXPECT_EQ(value_of(job, "BUILDKITE_CANCEL_SIGNAL_TIMEOUT"), "42s");
  EXPECT_EQ(value_of(job, "BUILDKITE_REQUEST_HEADER_X_CELL_ID"), "7");
  EXPECT_EQ(value_of(job, "BUILDKITE_COMMAND_EVAL"), "true");
  EXPECT_EQ(value_of(job, "BUILDKITE_REDACTED_VARS"), kDefaultRedactedVars);
}

TEST(Compose, CutsALongMessageTo64KiB) {
  const Variables job = compose({{"BUILDKITE_MESSAGE", std::string(100'000, 'm')}}, {});
  const std::string& message = value_of(job, "BUILDKITE_MESSAGE");
  EXPECT_EQ(std::string("BUILDKITE_MESSAGE=").size() + message.size(), 64u << 10);
  EXPECT_TRUE(message.ends_with("[value truncated 100000 -> 65518 bytes]"));
  EXPECT_EQ(value_of(compose({{"BUILDKITE_MESSAGE", "short"}}, {}), "BUILDKITE_MESSAGE"), "short");
}

}  // namespace
}  // namespace ostler::environment
