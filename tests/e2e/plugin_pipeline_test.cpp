// SPDX-License-Identifier: Apache-2.0
// Step plugins in pipelines: a real hub, agents and boxes.
#include "e2e/plugin_pipeline.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>

#include "support/hub_process.hpp"
#include "support/person.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;

TEST_F(PluginPipeline, RunsAPluginForEachJobOfAMatrix) {
  const json build = finished(R"yaml(
  - matrix: [one, two]
    env: {WHICH: "number {{matrix}}"}
    plugins:
      - ostler://zoo#1: {do: variable, path: WHICH}
)yaml");
  EXPECT_EQ(build["state"], "passed") << build.dump(1);
  ASSERT_EQ(build["jobs"].size(), 2u);
  EXPECT_THAT(log(0), HasSubstr("zoo#1.0.0 passed: number one"));
  EXPECT_THAT(log(1), HasSubstr("zoo#1.0.0 passed: number two"));
}

TEST_F(PluginPipeline, RunsAPluginInPython) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  install_snake("{}", R"(passed(f'{step.facts["step_label"]} {step.config("/length")}'))");
  const json build = finished(R"yaml(
  - label: "how long"
    plugins: ["ostler://snake#1": {length: 7}]
)yaml");
  EXPECT_EQ(build["state"], "passed") << build.dump(1) << log(0);
  EXPECT_THAT(log(0), HasSubstr("snake#1.0.0 passed: how long 7"));
}

TEST_F(PluginPipeline, RetriesACrashBySignalAndForgivesIt) {
  const json build = finished(R"yaml(
  - soft_fail: true
    retry: {automatic: [{signal: SIGSEGV, limit: 1}]}
    plugins: ["ostler://zoo#1": {do: segv}]
)yaml");
  EXPECT_EQ(build["state"], "passed") << build.dump(1);
  const json& job = build["jobs"].back();
  EXPECT_EQ(job["state"], "failed");
  EXPECT_EQ(job["exit_status"], -1);
  EXPECT_EQ(job["retries_count"], 1) << job.dump(1);
  EXPECT_EQ(job["end_cause"], "plugin_crashed");
  EXPECT_THAT(log(build["jobs"].size() - 1), HasSubstr("the plugin crashed: SIGSEGV at zoo.so+"));
  const auto row = [&] { return person_.said({"build", "show", "app/1"}); };
  const std::string told = "zoo#1.0.0 error (plugin_crashed): the plugin crashed: SIGSEGV at";
  EXPECT_TRUE(support::wait_until(10s, [&] { return row().find(told) != std::string::npos; }))
      << row();
}

TEST_F(PluginPipeline, ShowsWhereAPluginCrashedAndNotTheArtifactsUploadedSince) {
  const fs::path many = directory_ / "many";
  fs::create_directory(many);
  for (int i = 0; i < 40; ++i) std::ofstream(many / ("file-" + std::to_string(i))) << i;
  const json build = finished("  - label: greet\n    artifact_paths: \"" + many.string() +
                              "/*\"\n    plugins: [\"ostler://zoo#1\": {do: segv}]\n");
  EXPECT_EQ(build["state"], "failed") << build.dump(1) << log(0);
  EXPECT_THAT(log(0), HasSubstr("file-39"));
  const std::string shown = person_.said({"build", "show", "app/1"});
  EXPECT_THAT(shown, testing::ContainsRegex("\nphase +Running [^\n]*zoo"));
  EXPECT_THAT(shown, HasSubstr("the plugin crashed: SIGSEGV at zoo.so+"));
  EXPECT_THAT(shown, Not(HasSubstr("file-")));
}

TEST_F(PluginPipeline, NamesARefusedConfigurationWhereABuildIsShown) {
  const json build = finished(R"yaml(
  - label: "greet"
    plugins: ["ostler://zoo#1": {do: 7}]
)yaml");
  EXPECT_EQ(build["state"], "failed") << build.dump(1) << log(0);
  const auto shown = [&] { return person_.said({"build", "show", "app/1"}); };
  const std::string line =
      "greet failed: zoo#1.0.0 error (refused): configuration: /do: must be a string, is the "
      "number 7 (exit status 1)";
  EXPECT_TRUE(support::wait_until(10s, [&] { return shown().find(line) != std::string::npos; }))
      << shown();
}

TEST_F(PluginPipeline, ACancelReachesThePluginWithItsReason) {
  build_of("  - plugins: [\"ostler://zoo#1\": {do: stop}]\n");
  ASSERT_TRUE(
      support::wait_until(30s, [&] { return log(0).find("waiting") != std::string::npos; }));
  person_.said({"build", "cancel", "app/1"});
  const auto build = hub_.finished_build("app", 1, 60s);
  ASSERT_TRUE(build);
  EXPECT_EQ((*build)["state"], "canceled");
  EXPECT_THAT(log(0), HasSubstr("zoo#1.0.0 cancelled: reason 1"));
}

TEST_F(PluginPipeline, OutlivesTheAgent) {
  build_of("  - plugins: [\"ostler://zoo#1\": {do: stop}]\n");
  ASSERT_TRUE(
      support::wait_until(30s, [&] { return log(0).find("waiting") != std::string::npos; }));
  agent_.kill();
  agent_.start_again();
  person_.said({"build", "cancel", "app/1"});
  const auto build = hub_.finished_build("app", 1, 60s);
  ASSERT_TRUE(build);
  EXPECT_THAT(log(0), HasSubstr("zoo#1.0.0 cancelled: reason 1"));
}

TEST_F(PluginPipeline, KnowsABareNameInAnUploadedStep) {
  const json build = finished(R"yaml(
  - command: |
      echo 'steps: [{plugins: [{"zoo#1": {do: pass}}]}]' | buildkite-agent pipeline upload
)yaml");
  EXPECT_EQ(build["state"], "passed") << build.dump(1);
  ASSERT_EQ(build["jobs"].size(), 2u);
  EXPECT_THAT(log(1), HasSubstr("zoo#1.0.0 passed: done"));
}

TEST_F(PluginPipeline, HandsOutputsToLaterSteps) {
  const json build = finished(R"yaml(
  - key: zoo
    plugins: ["ostler://zoo#1": {do: services}]
  - wait
  - command: |
      echo "made $$(buildkite-agent meta-data get ostler:zoo:made)"
      buildkite-agent meta-data get ostler:zoo:result
)yaml");
  EXPECT_EQ(build["state"], "passed") << build.dump(1);
  const std::string said = log(build["jobs"].size() - 1);
  EXPECT_THAT(said, HasSubstr("made [1,2]"));
  EXPECT_THAT(said, HasSubstr(R"("outcome":"passed")"));
}

TEST_F(PluginPipeline, FailsByNameWhatIsNotInstalledAndRunsNoCommand) {
  const json build = finished(R"yaml(
  - command: echo the shell ran
    plugins: ["ostler://zou#1"]
)yaml");
  EXPECT_EQ(build["state"], "failed");
  EXPECT_EQ(build["jobs"][0]["exit_status"], 1);
  EXPECT_THAT(log(0), HasSubstr("no plugin zou in"));
  EXPECT_THAT(log(0), HasSubstr("did you mean \"zoo\"?"));
  EXPECT_THAT(log(0), testing::Not(HasSubstr("the shell ran")));
}

}  // namespace
}  // namespace ostler
