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

TEST(KeptHeaders, AreOnlyThoseThatAServerMaySet) {
  const auto kept =
      kept_headers({{"Buildkite-A", "1"}, {"Authorization", "x"}, {"buildkite-b", "2"}});
  EXPECT_EQ(kept, (std::map<std::string, std::string>{{"Buildkite-A", "1"}}));
}

}  // namespace
}  // namespace ostler::daemon
