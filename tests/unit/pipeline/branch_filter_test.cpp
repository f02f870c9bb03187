// SPDX-License-Identifier: Apache-2.0
#include "pipeline/branch_filter.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ostler::pipeline {
namespace {

TEST(BranchFilter, LetsEverythingPassWhenBlank) {
  EXPECT_TRUE(matches_branch("", "main"));
  EXPECT_TRUE(matches_branch("  \n", "main"));
  EXPECT_TRUE(matches_branch("*", "main"));
}

TEST(BranchFilter, NeedsOneOfThePlainPatterns) {
  EXPECT_TRUE(matches_branch("main release/*", "release/1.2"));
  EXPECT_TRUE(matches_branch("release/*", "release/"));
  EXPECT_FALSE(matches_branch("main release/*", "feature"));
  EXPECT_FALSE(matches_branch("main", "main2"));
  EXPECT_FALSE(matches_branch("main", "amain"));
}

TEST(BranchFilter, RefusesWhatATurnedPatternMatches) {
  EXPECT_TRUE(matches_branch("!wip/*", "main"));
  EXPECT_FALSE(matches_branch("!wip/*", "wip/x"));
  EXPECT_FALSE(matches_branch("* !wip/*", "wip/x"));
  EXPECT_FALSE(matches_branch("!wip/* *", "wip/x"));
}

TEST(BranchFilter, FindsStarsAnywhere) {
  EXPECT_TRUE(matches_branch("*-fix-*", "a-fix-b"));
  EXPECT_TRUE(matches_branch("a*b*c", "aXbYbZc"));
  EXPECT_FALSE(matches_branch("a*b*c", "aXbYbZ"));
  EXPECT_TRUE(matches_branch("**", "x"));
}

TEST(BranchFilter, StaysQuickOnHostilePatterns) {
  std::string pattern;
  for (int i = 0; i < 2000; ++i) pattern += "*a";
  EXPECT_FALSE(matches_branch(pattern + "b", std::string(4000, 'a')));
}

}  // namespace
}  // namespace ostler::pipeline
