// SPDX-License-Identifier: Apache-2.0
#include "uplink/chunk_plan.hpp"

#include <gtest/gtest.h>

namespace ostler::uplink {
namespace {

using namespace std::chrono_literals;

constexpr double kMean = 0.5;

TEST(ChunkPlan, GathersTheFirstOutput) {
  const ChunkPlan plan(100, 2s, 5s);
  EXPECT_EQ(plan.due(7, false, 4s), 0u);
  EXPECT_EQ(plan.due_at(7), ChunkPlan::Time(5s));
  EXPECT_EQ(plan.due(7, false, 5s), 7u);
  EXPECT_EQ(plan.due(7, true, 4s), 7u);
}

TEST(ChunkPlan, CutsLaterOutputOnceAnInterval) {
  ChunkPlan plan(100, 2s, 0s);
  plan.cut(10s, kMean);
  EXPECT_EQ(plan.due(7, false, 11s), 0u);
  EXPECT_EQ(plan.due_at(7), ChunkPlan::Time(12s));
  EXPECT_EQ(plan.due(7, false, 12s), 7u);
}

TEST(ChunkPlan, CutsAFullChunkAtOnceAndNeverALargerOne) {
  ChunkPlan plan(100, 2s, 0s);
  plan.cut(10s, kMean);
  EXPECT_EQ(plan.due(100, false, 10s), 100u);
  EXPECT_EQ(plan.due(250, true, 10s), 100u);
}

TEST(ChunkPlan, CutsTheRestAtOnceWhenTheJobHasEnded) {
  ChunkPlan plan(100, 2s, 0s);
  plan.cut(10s, kMean);
  EXPECT_EQ(plan.due(7, true, 10s), 7u);
}

TEST(ChunkPlan, WaitsForNothingWhenNothingIsPending) {
  const ChunkPlan plan(100, 2s, 0s);
  EXPECT_EQ(plan.due(0, true, 0s), 0u);
  EXPECT_FALSE(plan.due_at(0));
}

TEST(ChunkPlan, SpreadsTheIntervalAroundItsMean) {
  ChunkPlan early(100, 2s, 0s);
  ChunkPlan late(100, 2s, 0s);
  early.cut(0s, 0.0);
  late.cut(0s, 0.99);
  EXPECT_EQ(early.due_at(1), ChunkPlan::Time(1s));
  EXPECT_GT(late.due_at(1), ChunkPlan::Time(2900ms));
}

}  // namespace
}  // namespace ostler::uplink
