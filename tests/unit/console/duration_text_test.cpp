// SPDX-License-Identifier: Apache-2.0
#include "console/duration_text.hpp"

#include <gtest/gtest.h>

namespace ostler::console {
namespace {

using namespace std::chrono_literals;

TEST(DurationText, GrowsCoarserWithLength) {
  EXPECT_EQ(duration_text(0us), "0.0s");
  EXPECT_EQ(duration_text(449ms), "0.4s");
  EXPECT_EQ(duration_text(451ms), "0.5s");
  EXPECT_EQ(duration_text(59'949ms), "59.9s");
  EXPECT_EQ(duration_text(59'960ms), "1m 00s");
  EXPECT_EQ(duration_text(125s), "2m 05s");
  EXPECT_EQ(duration_text(3'720s), "1h 02m");
}

TEST(DurationText, ShowsClocksThatRanBackwardsAsNothing) { EXPECT_EQ(duration_text(-5s), "0.0s"); }

TEST(AgeText, RoundsDown) {
  using namespace std::chrono_literals;
  EXPECT_EQ(age_text(-5s), "now");
  EXPECT_EQ(age_text(59s), "now");
  EXPECT_EQ(age_text(119s), "1m ago");
  EXPECT_EQ(age_text(47h), "47h ago");
  EXPECT_EQ(age_text(49h), "2d ago");
}

TEST(DueText, RoundsUpToWholeMinutes) {
  EXPECT_EQ(due_text(0s), "over");
  EXPECT_EQ(due_text(1s), "in 1m");
  EXPECT_EQ(due_text(59min), "in 59m");
  EXPECT_EQ(due_text(47h), "in 47h");
  EXPECT_EQ(due_text(49h), "in 2d");
}

}  // namespace
}  // namespace ostler::console
