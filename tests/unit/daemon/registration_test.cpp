// SPDX-License-Identifier: Apache-2.0
#include "daemon/registration.hpp"

#include <gtest/gtest.h>

namespace ostler::daemon {
namespace {

TEST(Registration, FillsInTheSlotAndLeavesOtherTokensToTheServer) {
  config::AgentConfig config;
  config.name = "%hostname-%spawn-%spawn";
  EXPECT_EQ(registration_of(config, 3, "").name, "%hostname-3-3");
}

TEST(Registration, KeepsTheNameOfTheSlotsFirstSession) {
  config::AgentConfig config;
  config.name = "%random-%spawn";
  EXPECT_EQ(registration_of(config, 3, "ci-7-3").name, "ci-7-3");
}

TEST(Registration, SaysWhatTheServerMustKnow) {
  config::AgentConfig config;
  config.tags = {"queue=fast", "docker"};
  config.priority = "5";
  const auto request = registration_of(config, 1, "");
  EXPECT_EQ(request.meta_data, config.tags);
  EXPECT_EQ(request.priority, "5");
  EXPECT_FALSE(request.hostname.empty());
  EXPECT_TRUE(request.arch == "amd64" || request.arch == "arm64") << request.arch;
  EXPECT_GT(request.pid, 0);
}

TEST(Registration, GivesEachSlotThePriorityThatTheOperatorWants) {
  config::AgentConfig config;
  config.priority = "7";
  EXPECT_EQ(registration_of(config, 2, "").priority, "7");
  config.spawn_with_priority = config::SpawnPriority::Ascending;
  EXPECT_EQ(registration_of(config, 2, "").priority, "2");
  config.spawn_with_priority = config::SpawnPriority::Descending;
  EXPECT_EQ(registration_of(config, 2, "").priority, "-2");
}

TEST(Registration, AddsTagsOfTheHostBehindTheOperators) {
  config::AgentConfig config;
  config.tags = {"queue=fast"};
  config.tags_from_host = true;
  const auto request = registration_of(config, 1, "");
  ASSERT_GE(request.meta_data.size(), 4u);
  EXPECT_EQ(request.meta_data[0], "queue=fast");
  EXPECT_EQ(request.meta_data[1], "hostname=" + request.hostname);
  EXPECT_EQ(request.meta_data[2], "os=linux");
  EXPECT_EQ(request.meta_data[3], "arch=" + request.arch);
}

TEST(Registration, ReportsFeaturesUnlessItMayNot) {
  config::AgentConfig config;
  config.no_command_eval = true;
  config.no_http2 = true;
  auto request = registration_of(config, 1, "");
  EXPECT_EQ(request.features, (std::vector<std::string>{"no-script-eval", "no-http2"}));
  EXPECT_FALSE(request.script_eval_enabled);
  config.no_feature_reporting = true;
  request = registration_of(config, 1, "");
  EXPECT_TRUE(request.features.empty());
  EXPECT_FALSE(request.script_eval_enabled);
}

TEST(Registration, OfAnAgentForOneJobAsksForNoOther) {
  config::AgentConfig config;
  EXPECT_FALSE(registration_of(config, 1, "").ignore_in_dispatches);
  config.acquire_job = "0198b000-0000-4000-8000-00000000000a";
  config.disconnect_after_uptime = std::chrono::seconds(5);
  const auto request = registration_of(config, 1, "");
  EXPECT_TRUE(request.ignore_in_dispatches);
  EXPECT_EQ(request.features, (std::vector<std::string>{"acquire-job", "disconnect-after-uptime"}));
}

TEST(KeptHeaders, AreOnlyThoseThatAServerMaySet) {
  const auto kept =
      kept_headers({{"Buildkite-A", "1"}, {"Authorization", "x"}, {"buildkite-b", "2"}});
  EXPECT_EQ(kept, (std::map<std::string, std::string>{{"Buildkite-A", "1"}}));
}

}  // namespace
}  // namespace ostler::daemon
