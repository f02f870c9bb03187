// SPDX-License-Identifier: Apache-2.0
#include "model/retry.hpp"

#include <gtest/gtest.h>

namespace ostler::model {
namespace {

bool matches(const RetryRule& rule, int exit_status, std::string_view signal = "",
             std::string_view reason = "") {
  return deciding_rule({rule}, exit_status, signal, reason).has_value();
}

TEST(Retry, OfARuleWithoutConditionsIsForStatusesFrom1To255) {
  const RetryRule rule;
  EXPECT_EQ(rule.limit, 2);
  for (const int status : {1, 2, 255}) EXPECT_TRUE(matches(rule, status)) << status;
  EXPECT_FALSE(matches(rule, 0));
  EXPECT_FALSE(matches(rule, -1));
}

TEST(Retry, IsForTheStatusesOfItsRule) {
  EXPECT_TRUE(matches({.exit_statuses = {{-1, 3}}}, -1));
  EXPECT_TRUE(matches({.exit_statuses = {{-1, 3}}}, 3));
  EXPECT_FALSE(matches({.exit_statuses = {{-1, 3}}}, 4));
}

TEST(Retry, ComparesSignalsWithoutTheirPrefixAndCase) {
  const RetryRule rule{.exit_statuses = std::nullopt, .signals = {"KILL"}};
  for (const char* signal : {"SIGKILL", "sigkill", "KILL", "kill"}) {
    EXPECT_TRUE(matches(rule, -1, signal)) << signal;
  }
  EXPECT_FALSE(matches(rule, -1, "SIGTERM"));
  EXPECT_FALSE(matches(rule, -1));
  EXPECT_TRUE(matches({.exit_statuses = std::nullopt, .signals = {"none"}}, 1));
}

TEST(Retry, WantsEveryConditionOfItsRule) {
  const RetryRule rule{.exit_statuses = {{-1}}, .signals = {"TERM"}, .signal_reasons = {"cancel"}};
  EXPECT_TRUE(matches(rule, -1, "SIGTERM", "cancel"));
  EXPECT_FALSE(matches(rule, 1, "SIGTERM", "cancel"));
  EXPECT_FALSE(matches(rule, -1, "SIGKILL", "cancel"));
  EXPECT_FALSE(matches(rule, -1, "SIGTERM", "agent_stop"));
}

TEST(Retry, IsDecidedByTheFirstRuleThatMatches) {
  const std::vector<RetryRule> rules = {{.exit_statuses = {{1}}, .limit = 0}, {}};
  EXPECT_EQ(deciding_rule(rules, 1, "", ""), 0u);
  EXPECT_EQ(deciding_rule(rules, 2, "", ""), 1u);
  EXPECT_EQ(deciding_rule(rules, -1, "", ""), std::nullopt);
}

}  // namespace
}  // namespace ostler::model
