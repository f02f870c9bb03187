// SPDX-License-Identifier: Apache-2.0
#include "hub/agent_api/agent_name.hpp"

#include <gtest/gtest.h>

namespace ostler::agent_api {
namespace {

const NameParts kParts{"ci-7", 4711, "x7Gh"};

TEST(AgentName, PutsInWhatTheTokensStandFor) {
  EXPECT_EQ(agent_name("%hostname-1", kParts), "ci-7-1");
  EXPECT_EQ(agent_name("%pid.%random%hostname", kParts), "4711.x7Ghci-7");
}

TEST(AgentName, LeavesOtherPercentSignsAlone) {
  EXPECT_EQ(agent_name("100%", kParts), "100%");
  EXPECT_EQ(agent_name("%%hostname %spawn", kParts), "%ci-7 %spawn");
}

TEST(AgentName, DoesNotReadWhatItPutIn) {
  EXPECT_EQ(agent_name("%hostname", {"%pid", 1, ""}), "%pid");
}

TEST(AgentName, MakesOneWhenNoneIsWanted) { EXPECT_EQ(agent_name("", kParts), "ci-7-x7Gh"); }

}  // namespace
}  // namespace ostler::agent_api
