// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

#include "integration/worker/driven_job.hpp"

namespace ostler::worker {
namespace {

using journal::Cause;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

TEST(Command, ExitsGreen) {
  const FinishedJob job = DrivenJob("true").finish();
  EXPECT_EQ(job.verdict.cause, Cause::Exited);
  EXPECT_EQ(job.verdict.exit_status, 0);
  EXPECT_TRUE(job.started);
}

TEST(Command, ReportsItsExitStatusAndSaysItInTheLog) {
  const FinishedJob job = DrivenJob("exit 42").finish();
  EXPECT_EQ(job.verdict.cause, Cause::Exited);
  EXPECT_EQ(job.verdict.exit_status, 42);
  EXPECT_THAT(job.text, HasSubstr("🚨 Error: The command exited with status 42"));
  EXPECT_THAT(job.text, HasSubstr("^^^ +++\nuser command error: exit status 42\n"));
}

TEST(Command, ReportsTheSignalThatKilledIt) {
  const FinishedJob job = DrivenJob("kill -9 $$").finish();
  EXPECT_EQ(job.verdict.cause, Cause::Signalled);
  EXPECT_EQ(job.verdict.exit_status, -1);
  EXPECT_EQ(job.verdict.signal, SIGKILL);
  EXPECT_THAT(job.text, HasSubstr("user command error: signal: killed\n"));
}

TEST(Command, StopsAtTheFirstFailingLine) {
  const FinishedJob job = DrivenJob("echo one\nfalse\necho two").finish();
  EXPECT_EQ(job.verdict.exit_status, 1);
  EXPECT_THAT(job.text, HasSubstr("\none\n"));
  EXPECT_THAT(job.text, Not(HasSubstr("\ntwo\n")));
}

TEST(Command, ShowsItsSectionAndPrompt) {
  const FinishedJob job = DrivenJob("echo hello").finish();
  EXPECT_THAT(job.text, HasSubstr("~~~ Preparing working directory\n"));
  EXPECT_THAT(job.text, HasSubstr("# Skipping checkout, BUILDKITE_SKIP_CHECKOUT is set"));
  EXPECT_THAT(job.text, HasSubstr("~~~ Running commands\n\x1b[90m$\x1b[0m echo hello\nhello\n"));
}

TEST(Command, StampsEveryLine) {
  const FinishedJob job = DrivenJob("echo hello").finish();
  EXPECT_THAT(job.log, ContainsRegex("\x1b_bk;t=[0-9]{13}\ahello\r\n"));
}

TEST(Command, RunsAScriptOfTheRepositoryAndMakesItExecutable) {
  DrivenJob driven("bin/\nbuild.sh");
  std::filesystem::create_directory(driven.directory() / "bin");
  std::ofstream(driven.directory() / "bin/build.sh") << "#!/bin/sh\necho built in $PWD\n";
  const FinishedJob job = driven.finish();
  EXPECT_EQ(job.verdict.exit_status, 0);
  EXPECT_THAT(job.text, HasSubstr("~~~ Running script\n\x1b[90m$\x1b[0m ./bin/build.sh\n"));
  EXPECT_THAT(job.text, HasSubstr("built in " + driven.directory().string()));
}

TEST(Command, IsAnErrorWhenBlank) {
  const FinishedJob job = DrivenJob(" \n").finish();
  EXPECT_EQ(job.verdict.exit_status, 1);
  EXPECT_THAT(job.text, HasSubstr("no `command` to execute"));
  EXPECT_FALSE(job.started);
}

TEST(Command, MayBeForbiddenUnlessItIsAScriptWithin) {
  const DrivenJob::Variables forbidden = {{"BUILDKITE_COMMAND_EVAL", "false"}};
  const FinishedJob refused = DrivenJob("echo hi", forbidden).finish();
  EXPECT_EQ(refused.verdict.exit_status, 1);
  EXPECT_THAT(refused.text, HasSubstr("not allowed to evaluate console commands"));
  const FinishedJob outside = DrivenJob("../k", forbidden).finish();
  EXPECT_EQ(outside.verdict.exit_status, 1);
  DrivenJob script("./ok", forbidden);
  std::ofstream(script.directory() / "ok") << "#!/bin/sh\necho fine\n";
  std::filesystem::permissions(script.directory() / "ok", std::filesystem::perms::owner_all);
  EXPECT_EQ(script.finish().verdict.exit_status, 0);
}

TEST(Command, ThatCannotBeginSaysNoSecretInItsVerdict) {
  const DrivenJob::Variables secret = {{"OSTLER_TEST_SECRET", "a-thing-to-hide"},
                                       {"BUILDKITE_REDACTED_VARS", "*_SECRET"},
                                       {"BUILDKITE_COMMAND_EVAL", "false"}};
  DrivenJob outside("../a-thing-to-hide", secret);
  std::ofstream(outside.directory() / "../a-thing-to-hide") << "true\n";
  DrivenJob unprepared("true", secret);
  unprepared.env()["BUILDKITE_CANCEL_SIGNAL"] = "a-thing-to-hide";
  for (DrivenJob* driven : {&outside, &unprepared}) {
    const FinishedJob job = driven->finish();
    EXPECT_NE(job.verdict.exit_status, 0);
    EXPECT_THAT(job.verdict.evidence, HasSubstr("[REDACTED]"));
    EXPECT_THAT(job.verdict.evidence + job.text, Not(HasSubstr("a-thing-to-hide")));
  }
}

TEST(Command, UsesTheShellOfTheAgent) {
  const FinishedJob job = DrivenJob("echo $0", {{"BUILDKITE_SHELL", "/bin/sh -c"}}).finish();
  EXPECT_THAT(job.text, HasSubstr("\n/bin/sh\n"));
  const FinishedJob missing = DrivenJob("true", {{"BUILDKITE_SHELL", "/no/such -c"}}).finish();
  EXPECT_EQ(missing.verdict.exit_status, 1);
  EXPECT_THAT(missing.text, HasSubstr("/no/such"));
}

TEST(Command, SeesTheJobsEnvironment) {
  const FinishedJob job =
      DrivenJob("echo $GREETING; echo $BUILDKITE_JOB_ID; echo $PWD; echo $GIT_TERMINAL_PROMPT",
                {{"GREETING", "good day"}})
          .finish();
  EXPECT_THAT(job.text, ContainsRegex("\ngood day\njob-.*\n/.*/checkout\n0\n"));
}

TEST(Command, HasAnSshThatTrustsAHostTheFirstTimeOrOnlyKnownOnes) {
  const auto ssh_of = [](const DrivenJob::Variables& variables) {
    return DrivenJob("echo \"<$GIT_SSH_COMMAND>\"", variables).finish().text;
  };
  EXPECT_THAT(ssh_of({}), HasSubstr("<ssh -o StrictHostKeyChecking=accept-new>"));
  EXPECT_THAT(ssh_of({{"GIT_SSH_COMMAND", "ssh -4"}, {"BUILDKITE_SSH_KEYSCAN", "false"}}),
              HasSubstr("<ssh -4 -o StrictHostKeyChecking=yes>"));
  EXPECT_THAT(ssh_of({{"GIT_SSH", "/usr/bin/ssh"}}), HasSubstr("<>"));
}

TEST(Command, RunsOnATerminalOfAKnownSize) {
  const FinishedJob job = DrivenJob("test -t 1 && stty size <&1 && echo $TERM").finish();
  EXPECT_EQ(job.verdict.exit_status, 0);
  EXPECT_THAT(job.text, HasSubstr("\n100 160\nxterm-256color\n"));
}

TEST(Command, RunsOnAPipeWhenToldSo) {
  const FinishedJob job =
      DrivenJob("test ! -t 1 && cat && echo err >&2 && echo end", {{"BUILDKITE_PTY", "false"}})
          .finish();
  EXPECT_EQ(job.verdict.exit_status, 0);
  EXPECT_THAT(job.text, HasSubstr("\nerr\nend\n"));
  EXPECT_THAT(job.log, Not(HasSubstr("\r")));
}

TEST(Command, FailsByNameWhatIsNotSupported) {
  const FinishedJob plugins =
      DrivenJob("true", {{"BUILDKITE_PLUGINS", R"([{"docker#v1":{}}])"}}).finish();
  EXPECT_EQ(plugins.verdict.cause, Cause::SetupFailed);
  EXPECT_EQ(plugins.verdict.exit_status, -1);
  EXPECT_THAT(plugins.verdict.evidence,
              HasSubstr("the plugin docker#v1 is one of hooks, which are not supported yet"));
  DrivenJob hooked("true");
  std::filesystem::create_directories(hooked.directory() / ".buildkite/hooks");
  std::ofstream(hooked.directory() / ".buildkite/hooks/pre-command") << "exit 1\n";
  const FinishedJob job = hooked.finish();
  EXPECT_EQ(job.verdict.cause, Cause::SetupFailed);
  EXPECT_THAT(job.text, HasSubstr(".buildkite/hooks/pre-command"));
}

TEST(Command, ProtectedVariablesAreNamedInTheLog) {
  const FinishedJob job =
      DrivenJob("true", {{"BUILDKITE_IGNORED_ENV", "BUILDKITE_SHELL"}}).finish();
  EXPECT_THAT(job.text, HasSubstr("~~~ Detected protected environment variables\n"));
  EXPECT_THAT(job.text, HasSubstr("Ignored BUILDKITE_SHELL"));
}

TEST(Command, WithoutARepositoryRunsInATemporaryDirectoryThatGoes) {
  const FinishedJob job = DrivenJob("pwd; touch left-over", {{"BUILDKITE_REPO", ""},
                                                             {"BUILDKITE_SKIP_CHECKOUT", "false"},
                                                             {"BUILDKITE_BUILD_CHECKOUT_PATH", ""}})
                              .finish();
  EXPECT_THAT(job.text, HasSubstr("# Skipping checkout, BUILDKITE_REPO is empty"));
  const auto begin = job.text.find("/tmp/buildkite-job-");
  ASSERT_NE(begin, std::string::npos) << job.text;
  const std::string path = job.text.substr(begin, job.text.find('\n', begin) - begin);
  EXPECT_FALSE(std::filesystem::exists(path)) << path;
}

TEST(Command, RunsBelowTheBuildPathByAgentOrganizationAndPipeline) {
  DrivenJob driven("pwd", {{"BUILDKITE_BUILD_CHECKOUT_PATH", ""},
                           {"BUILDKITE_AGENT_NAME", "my agent.1"},
                           {"BUILDKITE_ORGANIZATION_SLUG", "org"},
                           {"BUILDKITE_PIPELINE_SLUG", "pipe"}});
  driven.env()["BUILDKITE_BUILD_PATH"] = driven.directory();
  const FinishedJob job = driven.finish();
  EXPECT_THAT(job.text, HasSubstr(driven.directory().string() + "/my-agent-1/org/pipe\n"));
}

/// What the git of a job is given by the environment, in the order of its names.
std::string git_settings(const DrivenJob::Variables& more) {
  DrivenJob driven("env | grep ^GIT_CONFIG_ | sort",
                   {{"BUILDKITE_BIN_PATH", "/bin path"},
                    {"BUILDKITE_REPO", "https://git.example.com/a"},
                    {"BUILDKITE_USE_REPOSITORY_PROVIDER_GIT_CREDENTIALS", "true"}});
  for (const auto& [name, value] : more) driven.env()[name] = value;
  return driven.finish().text;
}

TEST(GitSettings, ComeBehindThoseThatAreGivenAlready) {
  const auto text = git_settings({{"GIT_CONFIG_COUNT", "1"},
                                  {"GIT_CONFIG_KEY_0", "user.name"},
                                  {"GIT_CONFIG_VALUE_0", "ann"}});
  EXPECT_THAT(text, HasSubstr("\nGIT_CONFIG_COUNT=3\nGIT_CONFIG_KEY_0=user.name\n"
                              "GIT_CONFIG_KEY_1=credential.useHttpPath\n"
                              "GIT_CONFIG_KEY_2=credential.helper\n"));
  EXPECT_THAT(text, HasSubstr("/bin path/ostler"));
}

TEST(GitSettings, StartAnewWhereTheCountIsNone) {
  for (const char* count : {"2147483647", "1001", "-1", "99999999999", "1x", "x", ""}) {
    EXPECT_THAT(git_settings({{"GIT_CONFIG_COUNT", count}}),
                HasSubstr("\nGIT_CONFIG_COUNT=2\nGIT_CONFIG_KEY_0=credential.useHttpPath\n"
                          "GIT_CONFIG_KEY_1=credential.helper\n"))
        << count;
  }
}

TEST(GitSettings, NameNoHelperThatIsNowhere) {
  EXPECT_THAT(git_settings({{"BUILDKITE_BIN_PATH", ""}}), Not(HasSubstr("\nGIT_CONFIG_")));
}

}  // namespace
}  // namespace ostler::worker
