// SPDX-License-Identifier: Apache-2.0
#include "hub/line_budget.hpp"

#include <gtest/gtest.h>

#include "moved_clock.hpp"

namespace ostler::hub {
namespace {

using namespace std::chrono_literals;

TEST(LineBudget, LetsOneLineOfAKindPassEachMinuteAndCountsTheRest) {
  MovedClock clock;
  LineBudget lines(clock);
  const AgentId agent = AgentId::make();
  EXPECT_EQ(lines.take(agent, "refused"), 0);
  for (int i = 0; i < 7; ++i) {
    clock.pass(8s);
    EXPECT_EQ(lines.take(agent, "refused"), std::nullopt);
  }
  clock.pass(8s);
  EXPECT_EQ(lines.take(agent, "refused"), 7);
  EXPECT_EQ(lines.take(agent, "refused"), std::nullopt);
}

TEST(LineBudget, KeepsAgentsAndKindsApart) {
  MovedClock clock;
  LineBudget lines(clock);
  const AgentId agent = AgentId::make();
  EXPECT_EQ(lines.take(agent, "refused"), 0);
  EXPECT_EQ(lines.take(agent, "lapsed"), 0);
  EXPECT_EQ(lines.take(AgentId::make(), "refused"), 0);
}

TEST(LineBudget, IsSpentByAThousandAgentsUntilAMinuteHasPassed) {
  MovedClock clock;
  LineBudget lines(clock);
  std::size_t passed = 0;
  for (std::size_t i = 0; i < 2 * LineBudget::kMostRemembered; ++i) {
    passed += lines.take(AgentId::make(), "refused") ? 1u : 0u;
  }
  EXPECT_EQ(passed, LineBudget::kMostRemembered);
  clock.pass(60s);
  EXPECT_EQ(lines.take(AgentId::make(), "refused"), 0);
}

}  // namespace
}  // namespace ostler::hub
