// SPDX-License-Identifier: Apache-2.0
// Step plugins as the command of a job: real keepers, workers and boxes, most plugins bad.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>

#include "crypto/digest.hpp"
#include "files/file.hpp"
#include "integration/worker/plugin_jobs.hpp"
#include "plugin_host/bundle_signature.hpp"
#include "plugin_host/call_filter.hpp"
#include "plugin_host/lock_file.hpp"
#include "support/signing_key.hpp"
#include "wire/agent_api.hpp"

namespace ostler::worker {
namespace {

namespace fs = std::filesystem;
using journal::Cause;
using testing::HasSubstr;
using testing::Not;

class PluginCommand : public PluginJobs {};

void expect_failed_before_command(const FinishedJob& job, const std::string& why) {
  EXPECT_EQ(job.verdict.cause, Cause::SetupFailed);
  EXPECT_EQ(job.verdict.exit_status, 1);
  EXPECT_FALSE(job.started);
  EXPECT_THAT(job.verdict.evidence, HasSubstr(why));
  EXPECT_THAT(job.text, HasSubstr(why));
}

TEST_F(PluginCommand, RunsInThePlaceOfTheShell) {
  const FinishedJob job = run("pass");
  EXPECT_EQ(job.verdict.cause, Cause::Exited);
  EXPECT_EQ(job.verdict.exit_status, 0) << job.text;
  EXPECT_EQ(job.verdict.evidence, "zoo#1.0.0 passed: done");
  EXPECT_TRUE(job.started);
  EXPECT_THAT(job.text, HasSubstr("~~~ Running plugin zoo#1.0.0\n"));
  EXPECT_THAT(job.text, HasSubstr("confined by"));
  EXPECT_THAT(job.text, HasSubstr("zoo#1.0.0 passed: done"));
  EXPECT_THAT(job.text, HasSubstr("Uploading artifacts"));
  EXPECT_THAT(job.text, Not(HasSubstr("the shell ran")));
}

TEST_F(PluginCommand, ThatCrashesCostsOnlyItsBox) {
  const FinishedJob job = run("segv");
  EXPECT_EQ(job.verdict.cause, Cause::PluginCrashed);
  EXPECT_EQ(job.verdict.exit_status, -1);
  EXPECT_EQ(job.verdict.signal, SIGSEGV);
  EXPECT_THAT(job.verdict.evidence, HasSubstr("the plugin crashed: SIGSEGV at zoo.so+0x"));
  EXPECT_THAT(job.text, HasSubstr("zoo#1.0.0 error (plugin_crashed): the plugin crashed: SIGSEGV"));
  EXPECT_THAT(job.text, HasSubstr("Uploading artifacts"));
}

TEST_F(PluginCommand, ThatEndsItsProcessCostsOnlyItsBox) {
  for (const char* what : {"throw", "abort", "throw in a thread", "abort in a thread"}) {
    const FinishedJob job = run(what);
    EXPECT_EQ(job.verdict.cause, Cause::PluginCrashed) << what;
    EXPECT_EQ(job.verdict.signal, SIGABRT) << what;
    EXPECT_THAT(job.text, HasSubstr("the plugin crashed: SIGABRT")) << what;
    EXPECT_THAT(job.text, HasSubstr("Uploading artifacts")) << what;
  }
  EXPECT_THAT(run("leave").text, HasSubstr("Uploading artifacts"));
}

TEST_F(PluginCommand, ThatMisbehavesIsNamed) {
  const std::pair<const char*, const char*> kinds[] = {{"exit", "(plugin_exited)"},
                                                       {"no result", "(no_result)"},
                                                       {"nonsense", "(plugin_broke_protocol)"}};
  for (const auto& [what, named] : kinds) {
    const FinishedJob job = run(what);
    EXPECT_EQ(job.verdict.exit_status, 1) << what;
    EXPECT_EQ(job.verdict.cause, Cause::Exited) << what;
    EXPECT_THAT(job.text, HasSubstr(named));
    EXPECT_THAT(job.text, HasSubstr("Uploading artifacts")) << what;
    EXPECT_THAT(job.verdict.evidence, HasSubstr(named));
  }
}

TEST_F(PluginCommand, IsToldOfACancelAndItsReason) {
  const auto driven = job("stop");
  driven->start();
  driven->await_output("\nwaiting\n");
  driven->cancel(supervise::CancelReason::Timeout, std::chrono::seconds(20));
  const FinishedJob finished = driven->finish();
  EXPECT_EQ(finished.verdict.cause, Cause::TimedOut);
  EXPECT_EQ(finished.verdict.exit_status, -1);
  EXPECT_THAT(finished.verdict.evidence, HasSubstr("zoo#1.0.0 cancelled: reason 2"));
  EXPECT_THAT(finished.text, HasSubstr("zoo#1.0.0 cancelled: reason 2"));
}

TEST_F(PluginCommand, ThatIsDeafToACancelIsKilledAtTheEndOfTheGrace) {
  const auto driven = job("hang");
  driven->start();
  driven->await_output("\nwaiting\n");
  driven->cancel(supervise::CancelReason::UserCancel, std::chrono::milliseconds(500));
  const FinishedJob finished = driven->finish();
  EXPECT_EQ(finished.verdict.cause, Cause::Cancelled);
  EXPECT_THAT(finished.verdict.evidence, HasSubstr("did not stop in time after the cancel"));
  EXPECT_THAT(finished.text, HasSubstr("(plugin_killed)"));
}

TEST_F(PluginCommand, SetsVariablesForWhatComesAfter) {
  const FinishedJob job = run_plugins(
      R"([{"ostler://zoo#1": {"do": "services"}},
          {"ostler://zoo#1": {"do": "variable", "path": "MADE"}}])");
  EXPECT_EQ(job.verdict.exit_status, 0) << job.text;
  EXPECT_EQ(job.verdict.evidence, "zoo#1.0.0 passed: here");
  EXPECT_THAT(job.text, HasSubstr("\n+++ a group\n"));
  EXPECT_THAT(job.text, HasSubstr("Warning: careful"));
  EXPECT_THAT(job.text, HasSubstr("[ 50.00 %] build: half"));
}

TEST_F(PluginCommand, MakesOutputsAndResultsMetaDataOfTheBuild) {
  const FinishedJob job = run("services");
  EXPECT_EQ(job.verdict.exit_status, 0) << job.text;
  EXPECT_EQ(meta_data_["ostler:zoo-step:made"], "[1,2]");
  EXPECT_THAT(meta_data_["ostler:zoo-step:result"], HasSubstr(R"("outcome":"passed")"));
  EXPECT_THAT(meta_data_["ostler:zoo-step:result"], HasSubstr(R"("detail":{"refusal":)"));
  EXPECT_THAT(job.text, HasSubstr("output made = [1,2]"));
  EXPECT_LT(job.text.find("output made"), job.text.find("zoo#1.0.0 passed"))
      << "the last line says how it ended";
  run("segv");
  EXPECT_THAT(meta_data_["ostler:zoo-step:result"], HasSubstr(R"("reason":"plugin_crashed")"));
}

TEST_F(PluginCommand, WhoseOutputsTheServerRefusesHasNotPassed) {
  status_ = 422;
  const FinishedJob job = run("services");
  EXPECT_EQ(job.verdict.exit_status, 1);
  EXPECT_THAT(job.verdict.evidence, HasSubstr("output made: data/set: the server answered 422"));
  const FinishedJob without = run("pass");
  EXPECT_EQ(without.verdict.exit_status, 0);
  EXPECT_THAT(without.text, HasSubstr("The result is not in the build's meta-data"));
}

TEST_F(PluginCommand, WaitsForNoServerWhenTheJobIsCancelled) {
  status_ = 503;
  const auto driven = job("pass");
  driven->start();
  driven->await_output("zoo#1.0.0 passed");
  driven->cancel(supervise::CancelReason::UserCancel, std::chrono::seconds(20));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(driven->finish().verdict.cause, Cause::Cancelled);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(15));
}

TEST_F(PluginCommand, HidesEachValueOfASecretThatAPluginSets) {
  const FinishedJob job = run("secret", {{"BUILDKITE_REDACTED_VARS", "*_SECRET"}});
  EXPECT_THAT(job.text, HasSubstr("zoo#1.0.0 passed: [REDACTED] [REDACTED] no-secret-at-all"));
}

TEST_F(PluginCommand, ShowsNoSecretAndHasNoToken) {
  const std::string plugin =
      R"([{"ostler://zoo#1": {"do": "variable", "path": "OSTLER_TEST_SECRET"}}])";
  const FinishedJob job = run_plugins(
      plugin, {{"OSTLER_TEST_SECRET", "a thing to hide"}, {"BUILDKITE_REDACTED_VARS", "*_SECRET"}});
  EXPECT_THAT(job.text, HasSubstr("zoo#1.0.0 passed: [REDACTED]"));
  EXPECT_THAT(job.text + job.verdict.evidence + meta_data_["ostler:zoo-step:result"],
              Not(HasSubstr("a thing to hide")));
  const FinishedJob curious = run_plugins(
      R"([{"ostler://zoo#1": {"do": "variable", "path": "BUILDKITE_AGENT_ACCESS_TOKEN"}}])",
      {{"BUILDKITE_AGENT_ACCESS_TOKEN", "tokentoken"}});
  EXPECT_EQ(curious.verdict.exit_status, 1) << curious.text;
}

/// A message that is cut within a secret of the job must not show the secret's beginning, which is
/// "user-part": neither in the log nor in what is kept or told elsewhere.
TEST_F(PluginCommand, ShowsNoBeginningOfASecretWhereItsMessageIsCut) {
  const std::string secret = "user-part-of-a-long-secret";
  const std::string lines = "user-part\npassword-part";
  const std::pair<std::string, std::string> messages[] = {
      {"login failed for " + lines, lines},                   // its first line is shown
      {std::string(4093 - 20, 'a') + secret, secret},         // 4 KiB of it
      {std::string((64 << 10) - 12, 'a') + secret, secret}};  // 64 KiB leave the box
  for (const auto& [message, hidden] : messages) {
    const FinishedJob job =
        run_plugins(R"([{"ostler://zoo#1": {"do": "repeat", "path": "OSTLER_TEST_MESSAGE"}}])",
                    {{"OSTLER_TEST_MESSAGE", message},
                     {"OSTLER_TEST_SECRET", hidden},
                     {"BUILDKITE_REDACTED_VARS", "*_SECRET"},
                     {"OSTLER_SERVER_SERVICES", "events"}});
    EXPECT_EQ(job.verdict.exit_status, 0) << job.text;
    const std::string result = meta_data_["ostler:zoo-step:result"];
    for (const std::string& told : {job.text, job.events, job.verdict.evidence, result}) {
      EXPECT_THAT(told, HasSubstr(message.substr(0, 17)));
      EXPECT_THAT(told, Not(HasSubstr("user-p"))) << message.size();
    }
    EXPECT_THAT(job.events, HasSubstr(R"("outcome":"passed")"));
  }
}

TEST_F(PluginCommand, ShowsNoBeginningOfASecretWithWhichItsRunFails) {
  const FinishedJob job =
      run_plugins(R"([{"ostler://zoo#1": {"do": "fail as", "path": "OSTLER_TEST_MESSAGE"}}])",
                  {{"OSTLER_TEST_MESSAGE", "login failed for user-part\npassword-part"},
                   {"OSTLER_TEST_SECRET", "user-part\npassword-part"},
                   {"BUILDKITE_REDACTED_VARS", "*_SECRET"}});
  EXPECT_THAT(job.verdict.evidence, HasSubstr("login failed for [REDACTED]")) << job.text;
  EXPECT_THAT(job.text + job.events + meta_data_["ostler:zoo-step:result"],
              Not(HasSubstr("user-p")));
}

TEST_F(PluginCommand, RunsProgramsOutsideItsBoxWhenItsManifestSaysSo) {
  const std::string plugin =
      R"([{"ostler://zoo#1": {"do": "command",
           "path": "echo at $PWD in $BUILDKITE_STEP_KEY; printf %s $OSTLER_TEST_SECRET; exit 3"}}])";
  const DrivenJob::Variables secret = {{"OSTLER_TEST_SECRET", "a-thing-to-hide"},
                                       {"BUILDKITE_REDACTED_VARS", "*_SECRET"}};
  const FinishedJob refused = run_plugins(plugin, secret);
  EXPECT_THAT(refused.text, HasSubstr("no programs"));
  EXPECT_THAT(refused.verdict.evidence, HasSubstr("ask for it in plugin.json"));
  permit(R"({"commands": "host"})");
  const auto driven = job("", {{"BUILDKITE_PLUGINS", plugin},
                               {"OSTLER_TEST_SECRET", "a-thing-to-hide"},
                               {"BUILDKITE_REDACTED_VARS", "*_SECRET"}});
  const std::string directory = driven->directory();
  const FinishedJob allowed = driven->finish();
  EXPECT_EQ(allowed.verdict.evidence, "zoo#1.0.0 passed: 3 0 ") << allowed.text;
  EXPECT_THAT(allowed.text, HasSubstr("programs outside the box, which run as a hook does"));
  EXPECT_THAT(allowed.text, HasSubstr("\nat " + directory + " in zoo-step\n[REDACTED]\n"));
  EXPECT_THAT(allowed.text, Not(HasSubstr("a-thing-to-hide")));
}

TEST_F(PluginCommand, HoldsItsProgramsToTheWorkspaceWhenItsManifestSaysSo) {
  if (plugin_host::landlock_version() == 0) GTEST_SKIP() << "this kernel has no Landlock";
  permit(R"({"commands": "workspace"})");
  const auto driven = job("", {{"BUILDKITE_PLUGINS",
                                R"([{"ostler://zoo#1": {"do": "command",
           "path": "echo in $BUILDKITE_STEP_KEY, token ${BUILDKITE_AGENT_ACCESS_TOKEN:-none}; touch made && cat /etc/shadow; test $HOME = $TMPDIR && touch $HOME/a"}}])"}});
  const std::string directory = driven->directory();
  const FinishedJob finished = driven->finish();
  EXPECT_EQ(finished.verdict.evidence, "zoo#1.0.0 passed: 0 0 ") << finished.text;
  EXPECT_THAT(finished.text, HasSubstr("hold to the workspace"));
  EXPECT_THAT(finished.text, HasSubstr("\nin zoo-step, token none\n"));
  EXPECT_THAT(finished.text, HasSubstr("shadow: Permission denied"));
  EXPECT_TRUE(std::filesystem::exists(directory + "/made"));
}

TEST_F(PluginCommand, WhoseProgramIsStoppedWithTheJob) {
  permit(R"({"commands": "host"})");
  const auto driven = job("", {{"BUILDKITE_PLUGINS",
                                R"([{"ostler://zoo#1": {"do": "command",
           "path": "trap 'echo told; exit 0' TERM; echo waiting; sleep 60 & wait"}}])"}});
  driven->start();
  driven->await_output("\nwaiting\n");
  driven->cancel(supervise::CancelReason::UserCancel, std::chrono::seconds(20));
  const FinishedJob finished = driven->finish();
  EXPECT_EQ(finished.verdict.cause, Cause::Cancelled);
  EXPECT_THAT(finished.text, HasSubstr("\ntold\n"));
  EXPECT_THAT(finished.verdict.evidence, HasSubstr("status 1: the job was cancelled"));
}

TEST_F(PluginCommand, ShowsNoSecretInAnySpellingOfJson) {
  const std::string plugin =
      R"([{"ostler://zoo#1": {"do": "spell", "path": "OSTLER_TEST_SECRET"}}])";
  for (const char* secret : {"a \"thing\" to hide", "a\\thing\\to\\hide", "a thing to hide"}) {
    const FinishedJob job = run_plugins(
        plugin, {{"OSTLER_TEST_SECRET", secret}, {"BUILDKITE_REDACTED_VARS", "*_SECRET"}});
    EXPECT_EQ(job.verdict.exit_status, 0) << job.text;
    EXPECT_EQ(meta_data_["ostler:zoo-step:spelled"], R"("[REDACTED]")");
    EXPECT_THAT(meta_data_["ostler:zoo-step:result"],
                HasSubstr(R"("detail":{"[REDACTED]":["[REDACTED]"]})"));
    EXPECT_THAT(job.text, HasSubstr(R"(output spelled = "[REDACTED]")"));
    EXPECT_THAT(job.text, HasSubstr(R"(detail {"[REDACTED]":["[REDACTED]"]})"));
    EXPECT_THAT(job.text, Not(HasSubstr("\\u0074\\u0068\\u0069\\u006e\\u0067")));
  }
}

TEST_F(PluginCommand, DoesNotChangeWhatTheNextOneIsToldOrWhereItWrites) {
  const FinishedJob job = run_plugins(
      R"([{"ostler://zoo#1": {"do": "set", "path": "BUILDKITE_STEP_KEY=victim"}},
          {"ostler://zoo#1": {"do": "set", "path": "BUILDKITE_BRANCH=forged"}},
          {"ostler://zoo#1": {"do": "services"}}])",
      {{"BUILDKITE_BRANCH", "genuine"}});
  EXPECT_EQ(job.verdict.exit_status, 0) << job.text;
  EXPECT_THAT(job.verdict.evidence, testing::EndsWith(" genuine"));
  EXPECT_EQ(meta_data_.count("ostler:zoo-step:made"), 1u);
  EXPECT_EQ(meta_data_.count("ostler:victim:made"), 0u);
}

TEST_F(PluginCommand, LeavesNothingOfItsDirectoryHoweverDeepItIs) {
  const std::filesystem::path place = directory_ / "scratch";
  std::filesystem::create_directory(place);
  const FinishedJob job = run("nest", {{"TMPDIR", place}});
  EXPECT_EQ(job.verdict.exit_status, 0) << job.text;
  EXPECT_THAT(job.text, HasSubstr("zoo#1.0.0 passed: nested"));
  EXPECT_THAT(job.text, Not(HasSubstr("Warning")));
  EXPECT_TRUE(std::filesystem::is_empty(place));
}

TEST_F(PluginCommand, IsFoundByNameOnlyWhereTheHostSaysSo) {
  const std::string written_out =
      R"([{"github.com/buildkite-plugins/zoo-buildkite-plugin#v1.0.0": {"do": "pass"}}])";
  EXPECT_EQ(run_plugins(written_out, {{"OSTLER_PLUGIN_NAMES", "other,zoo"}}).verdict.exit_status,
            0);
  EXPECT_EQ(run_plugins(R"([{"zoo#1": {"do": "pass"}}])", {{"OSTLER_PLUGIN_NAMES", "zoo"}})
                .verdict.exit_status,
            0);
  const FinishedJob refused = run_plugins(R"([{"zooo": {"do": "pass"}}])");
  EXPECT_EQ(refused.verdict.exit_status, -1);
  EXPECT_THAT(
      refused.verdict.evidence,
      HasSubstr("the plugin zooo is one of hooks, which are not supported yet, did you mean "
                "ostler://zoo?"));
}

TEST_F(PluginCommand, ThatIsNotThereOrNotConfiguredFailsByName) {
  expect_failed_before_command(
      run_plugins(R"(["ostler://zou#1"])"),
      "ostler://zou#1: no plugin zou in " + store_.string() + ", did you mean \"zoo\"?");
  expect_failed_before_command(run_plugins(R"(["ostler://zoo@1"])"), "write zoo#1");
  expect_failed_before_command(run_plugins(R"(["ostler://zoo#2"])"), "is there in version 1.0.0");
  expect_failed_before_command(run_plugins(R"([{"ostler://zoo#1": {"do": 7}}])"),
                               "zoo#1.0.0: configuration: /do: must be a string, is the number 7");
}

TEST_F(PluginCommand, WithFaultsInItsManifestShowsThemAll) {
  std::ofstream(store_ / "zoo/1.0.0/plugin.json") << R"({"id": "zoo", "kind": "stop"})";
  const FinishedJob job = run("pass");
  expect_failed_before_command(job, "plugin.json: has faults");
  EXPECT_THAT(job.text, HasSubstr("version: is missing"));
  EXPECT_THAT(job.text, HasSubstr("kind: must be"));
}

TEST_F(PluginCommand, WhoseBytesAreOthersThanItsManifestSaysIsNotMapped) {
  std::ofstream(store_ / "zoo/1.0.0/zoo.so", std::ios::app) << "x";
  expect_failed_before_command(run("pass"), "is not the file that its manifest names");
}

TEST_F(PluginCommand, IsHeldAgainstThePolicyOfTheHost) {
  expect_failed_before_command(run("pass", {{"OSTLER_PLUGIN_ALLOW", "greet,zoo@2"}}),
                               "this agent does not allow zoo#1.0.0 (plugin-allow)");
  expect_failed_before_command(run("pass", {{"OSTLER_PLUGIN_ALLOW", ","}}),
                               "this agent does not allow zoo#1.0.0 (plugin-allow)");
  EXPECT_EQ(run("pass", {{"OSTLER_PLUGIN_ALLOW", "greet,zoo@1"}}).verdict.exit_status, 0);
  expect_failed_before_command(run("pass", {{"OSTLER_PLUGIN_REQUIRE_PINNED", "true"}}),
                               "plugin-require-pinned");
  const FinishedJob disabled = run("pass", {{"BUILDKITE_PLUGINS_ENABLED", "false"}});
  EXPECT_EQ(disabled.verdict.exit_status, -1);
  EXPECT_THAT(disabled.verdict.evidence, HasSubstr("--no-plugins"));
}

TEST_F(PluginCommand, RunsOnlySignedWhereTheHostSaysSo) {
  const auto pair =
      crypto::Ed25519PrivateKey::from_pem(Secret(support::SigningKey(1).pem())).value();
  const DrivenJob::Variables policy = {{"OSTLER_PLUGIN_REQUIRE_SIGNED", "true"},
                                       {"OSTLER_PLUGIN_PUBLISHER_KEYS", pair.public_key().text()}};
  expect_failed_before_command(run("pass", policy),
                               "(plugin-require-signed): zoo#1.0.0 is not signed");
  const fs::path place = store_ / "zoo/1.0.0";
  std::ofstream(place / "plugin.json.sig")
      << plugin_host::sign_bundle(plugin_host::open_bundle(place).value(), pair);
  EXPECT_EQ(run("pass", policy).verdict.exit_status, 0);
  // It is checked again whenever it is run.
  std::ofstream(place / "plugin.json", std::ios::app) << " ";
  expect_failed_before_command(run("pass", policy), "was changed after it was signed");
  EXPECT_EQ(run("pass").verdict.exit_status, 0) << "where the host does not ask for it";
}

TEST_F(PluginCommand, IsTheOneThatTheLockOfTheRepositoryPins) {
  const std::string manifest = files::read_file(store_ / "zoo/1.0.0/plugin.json").value();
  plugin_host::LockedPlugin locked{"zoo", "1.0.0", plugin_host::own_platform(),
                                   crypto::sha256_hex(manifest)};
  const auto pinned = job("pass", {{"OSTLER_PLUGIN_REQUIRE_PINNED", "true"}});
  std::ofstream(pinned->directory() / "plugins.lock") << plugin_host::write_lock_file({locked});
  EXPECT_EQ(pinned->finish().verdict.exit_status, 0);
  locked.sha256.front() = locked.sha256.front() == '0' ? '1' : '0';
  const auto other = job("pass");
  std::ofstream(other->directory() / "plugins.lock") << plugin_host::write_lock_file({locked});
  expect_failed_before_command(other->finish(), "plugins.lock pins sha256:" + locked.sha256);
}

TEST_F(PluginCommand, IsALonePreReleaseThatIsLockedWhenNoVersionIsNamed) {
  fs::rename(store_ / "zoo/1.0.0", store_ / "zoo/1.0.0-rc.1");
  const fs::path manifest = store_ / "zoo/1.0.0-rc.1/plugin.json";
  std::string text = files::read_file(manifest).value();
  text.replace(text.find("1.0.0"), 5, "1.0.0-rc.1");
  std::ofstream(manifest) << text;
  const plugin_host::LockedPlugin locked{"zoo", "1.0.0-rc.1", plugin_host::own_platform(),
                                         crypto::sha256_hex(text)};
  const std::string lock = plugin_host::write_lock_file({locked});
  const auto any = job("", {{"BUILDKITE_PLUGINS", R"([{"ostler://zoo": {"do": "pass"}}])"}});
  std::ofstream(any->directory() / "plugins.lock") << lock;
  const FinishedJob started = any->finish();
  EXPECT_TRUE(started.started);
  EXPECT_THAT(started.verdict.evidence, testing::StartsWith("zoo#1.0.0-rc.1 "));
  const auto other = job("pass");
  std::ofstream(other->directory() / "plugins.lock") << lock;
  expect_failed_before_command(other->finish(), "but none that zoo#1 means");
}

TEST_F(PluginCommand, RunsEachOfSeveralUntilOneDoesNotPass) {
  const FinishedJob job = run_plugins(
      R"([{"ostler://zoo#1": {"do": "pass"}}, {"ostler://zoo#1": {"do": "exit"}},
          {"ostler://zoo#1": {"do": "segv"}}])");
  EXPECT_EQ(job.verdict.exit_status, 1);
  EXPECT_THAT(job.text, HasSubstr("more than one plugin is there for the command"));
  EXPECT_THAT(job.text, HasSubstr("(plugin_exited)"));
  EXPECT_THAT(job.text, Not(HasSubstr("plugin_crashed")));
}

}  // namespace
}  // namespace ostler::worker
