// SPDX-License-Identifier: Apache-2.0
#include "environment/redacted_vars.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::environment {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

bool matches(std::string_view pattern, std::string_view name) {
  return matches_glob(pattern, name).value();
}

TEST(Glob, MatchesStarsAndQuestionMarks) {
  EXPECT_TRUE(matches("*_TOKEN", "MY_API_TOKEN"));
  EXPECT_TRUE(matches("*_TOKEN", "_TOKEN"));
  EXPECT_FALSE(matches("*_TOKEN", "MY_TOKENS"));
  EXPECT_TRUE(matches("A*B*C", "AxBxBxC"));
  EXPECT_TRUE(matches("?", "x"));
  EXPECT_FALSE(matches("?", ""));
  EXPECT_TRUE(matches("**", ""));
  EXPECT_FALSE(matches("*", "a/b"));
}

TEST(Glob, MatchesClassesAndEscapes) {
  EXPECT_TRUE(matches("[A-C]X", "BX"));
  EXPECT_FALSE(matches("[^A-C]X", "BX"));
  EXPECT_TRUE(matches("[\\]]", "]"));
  EXPECT_TRUE(matches("\\*", "*"));
  EXPECT_FALSE(matches("\\*", "x"));
}

TEST(Glob, RefusesMalformedPatterns) {
  for (const char* pattern : {"[", "[]", "[a", "[a-", "[a-]", "[-a]", "x\\"}) {
    const auto result = matches_glob(pattern, "anything");
    ASSERT_FALSE(result) << pattern;
    EXPECT_EQ(result.error().code(), Errc::UserFault);
  }
}

TEST(RedactedVars, HidesValuesOfTheDefaultNames) {
  const RedactedValues redacted = redacted_values({{"DB_PASSWORD", "hunter2"},
                                                   {"GITHUB_TOKEN", "ghp_123"},
                                                   {"PATH", "/usr/bin"},
                                                   {"EMPTY_SECRET", ""}});
  EXPECT_THAT(redacted.values, ElementsAre("hunter2", "ghp_123"));
  EXPECT_THAT(redacted.short_names, IsEmpty());
}

TEST(RedactedVars, NamesValuesThatAreTooShortToHide) {
  const RedactedValues redacted = redacted_values({{"A_SECRET", "12345"}, {"B_SECRET", "123456"}});
  EXPECT_THAT(redacted.values, ElementsAre("123456"));
  EXPECT_THAT(redacted.short_names, ElementsAre("A_SECRET"));
}

TEST(RedactedVars, TakesTheListFromTheJob) {
  const RedactedValues redacted = redacted_values(
      {{"BUILDKITE_REDACTED_VARS", "MY_*,["}, {"MY_THING", "visible?"}, {"A_TOKEN", "in clear"}});
  EXPECT_THAT(redacted.values, ElementsAre("visible?"));
  EXPECT_THAT(redacted.bad_patterns, ElementsAre("["));
}

TEST(RedactedVars, AnEmptyListMeansTheDefaultAndTwoQuotesMeanNothing) {
  EXPECT_THAT(redacted_values({{"BUILDKITE_REDACTED_VARS", ""}, {"A_TOKEN", "in clear"}}).values,
              ElementsAre("in clear"));
  EXPECT_THAT(
      redacted_values({{"BUILDKITE_REDACTED_VARS", "\"\""}, {"A_TOKEN", "in clear"}}).values,
      IsEmpty());
}

}  // namespace
}  // namespace ostler::environment
