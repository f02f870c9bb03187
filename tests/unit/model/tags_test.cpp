// SPDX-License-Identifier: Apache-2.0
#include "model/tags.hpp"

#include <gtest/gtest.h>

namespace ostler::model {
namespace {

bool agent_fits(const std::vector<std::string>& tags, const std::vector<std::string>& rules) {
  return fits(terms_of_rules(rules), terms_of_tags(tags));
}

TEST(Tags, EveryRuleMustHold) {
  EXPECT_TRUE(agent_fits({"os=linux", "docker=true", "extra=1"}, {"os=linux", "docker=true"}));
  EXPECT_FALSE(agent_fits({"os=linux"}, {"os=linux", "docker=true"}));
}

TEST(Tags, NoRulesFitEveryAgent) { EXPECT_TRUE(agent_fits({}, {})); }

TEST(Tags, AStarOrNoValueWantsTheTagOnly) {
  EXPECT_TRUE(agent_fits({"os=linux"}, {"os=*"}));
  EXPECT_TRUE(agent_fits({"os=linux"}, {"os="}));
  EXPECT_TRUE(agent_fits({"docker"}, {"docker=*"}));
  EXPECT_FALSE(agent_fits({"oss=linux"}, {"os=*"}));
}

TEST(Tags, APartialWildcardIsLiteral) {
  EXPECT_FALSE(agent_fits({"go=1.9.2"}, {"go=1.9*"}));
  EXPECT_TRUE(agent_fits({"go=1.9*"}, {"go=1.9*"}));
}

TEST(Tags, AnyValueOfARepeatedTagFits) {
  EXPECT_TRUE(agent_fits({"node=18", "node=20"}, {"node=20"}));
}

TEST(Tags, AValueMayHoldAnEqualsSign) {
  EXPECT_TRUE(agent_fits({"flags=-DX=1"}, {"flags=-DX=1"}));
  EXPECT_FALSE(agent_fits({"flags=-DX=2"}, {"flags=-DX=1"}));
}

TEST(Tags, TheQueueIsNoTag) { EXPECT_TRUE(agent_fits({}, {"queue=default"})); }

}  // namespace
}  // namespace ostler::model
