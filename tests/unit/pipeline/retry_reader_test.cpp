// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/parse.hpp"

namespace ostler::pipeline {
namespace {

using model::RetryPolicy;
using model::RetryRule;
using testing::HasSubstr;

RetryPolicy policy(const std::string& retry) {
  const auto parsed = parse("- command: a\n  retry: " + retry + "\n", {}, "p.yml");
  if (parsed) return parsed.value().steps.at(0).retry;
  ADD_FAILURE() << retry << ": " << parsed.error().message();
  return {};
}
std::vector<RetryRule> rules(const std::string& automatic) {
  return policy("{automatic: " + automatic + "}").automatic;
}
std::string retry_fault(const std::string& retry) {
  const auto parsed = parse("- command: a\n  retry: " + retry + "\n", {}, "p.yml");
  return parsed ? "parsed" : parsed.error().message();
}

TEST(RetryReader, TakesEveryFormOfAutomatic) {
  EXPECT_EQ(rules("true"), std::vector{RetryRule()});
  EXPECT_EQ(rules("\"true\""), std::vector{RetryRule()});
  EXPECT_EQ(rules("false"), std::vector<RetryRule>());
  EXPECT_EQ(rules("{limit: 3}"), (std::vector<RetryRule>{{.limit = 3}}));
  EXPECT_EQ(rules("[{exit_status: -1}, {exit_status: [1, 2], limit: 0}, {exit_status: '*'}]"),
            (std::vector<RetryRule>{
                {.exit_statuses = {{-1}}}, {.exit_statuses = {{1, 2}}, .limit = 0}, {}}));
}

TEST(RetryReader, TakesSignalsAndReasonsAsTextAndAsList) {
  EXPECT_EQ(rules("{signal: SIGKILL}"),
            (std::vector<RetryRule>{{.exit_statuses = std::nullopt, .signals = {"KILL"}}}));
  EXPECT_EQ(rules("{exit_status: '*', signal: [sigterm, none]}"),
            (std::vector<RetryRule>{{.signals = {"TERM", "none"}}}));
  EXPECT_EQ(rules("{signal_reason: [cancel, agent_stop]}"),
            (std::vector<RetryRule>{
                {.exit_statuses = std::nullopt, .signal_reasons = {"cancel", "agent_stop"}}}));
  EXPECT_EQ(rules("{signal: '*', signal_reason: '*'}"), std::vector{RetryRule()});
}

TEST(RetryReader, TakesEveryFormOfManual) {
  EXPECT_EQ(policy("~"), RetryPolicy());
  EXPECT_EQ(policy("{manual: false}"), RetryPolicy{.manual_allowed = false});
  EXPECT_EQ(policy("{manual: {permit_on_passed: true}}"), RetryPolicy{.permit_on_passed = true});
  EXPECT_EQ(policy("{manual: {allowed: \"false\", reason: no}}"),
            (RetryPolicy{.manual_allowed = false, .reason = "no"}));
}

TEST(RetryReader, SaysWhatIsWrong) {
  EXPECT_THAT(retry_fault("yes please"), HasSubstr("p.yml:2:10: retry must be a mapping"));
  EXPECT_THAT(retry_fault("{automtic: true}"), HasSubstr("did you mean \"automatic\"?"));
  EXPECT_THAT(retry_fault("{automatic: {limit: 11}}"),
              HasSubstr("limit must be a whole number from 0"));
  EXPECT_THAT(retry_fault("{automatic: {exit_status: 256}}"), HasSubstr("from -1 to 255"));
  EXPECT_THAT(retry_fault("{automatic: [7]}"), HasSubstr("must be a mapping"));
  EXPECT_THAT(retry_fault("{automatic: {signal_reason: cancle}}"),
              HasSubstr("did you mean \"cancel\"?"));
  EXPECT_THAT(retry_fault("{automatic: maybe}"), HasSubstr("must be true or false"));
  EXPECT_THAT(retry_fault("{manual: {allow: true}}"), HasSubstr("did you mean \"allowed\"?"));
}

}  // namespace
}  // namespace ostler::pipeline
