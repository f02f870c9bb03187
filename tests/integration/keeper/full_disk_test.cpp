// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "integration/keeper/driven_keeper.hpp"
#include "support/small_disk.hpp"

namespace ostler::keeper {
namespace {

std::filesystem::path job_on(const support::SmallDisk& disk) {
  const auto job = disk.path() / "small-disk-job";
  std::filesystem::create_directory(job);
  return job;
}

TEST(KeeperOnAFullDisk, WritesTheVerdictIntoTheSpaceItHasKept) {
  const support::SmallDisk disk(2);
  if (!disk.is_mounted()) GTEST_SKIP() << "only root may mount a small disk";
  DrivenKeeper keeper({.arguments = {"--disk-patience-ms", "200"}, .job_directory = job_on(disk)});
  keeper.give("started\nflood 8388608\nreport 0\n");
  keeper.await<supervise::Done>();
  const auto journal = keeper.finish();
  ASSERT_TRUE(journal.verdict);
  EXPECT_EQ(journal.verdict->cause, journal::Cause::DiskFull);
  EXPECT_THAT(journal.verdict->evidence, testing::HasSubstr("full"));
}

TEST(KeeperOnAFullDisk, GoesOnWhenThereIsSpaceAgain) {
  const support::SmallDisk disk(2);
  if (!disk.is_mounted()) GTEST_SKIP() << "only root may mount a small disk";
  DrivenKeeper keeper({.job_directory = job_on(disk)});
  keeper.hello();
  disk.fill();
  keeper.send(supervise::Job{"started\nflood 524288\nreport 0\n"});
  std::filesystem::remove(disk.filler());
  keeper.await<supervise::Done>();
  const auto journal = keeper.finish();
  EXPECT_EQ(journal.output.size(), 524288u);
  ASSERT_TRUE(journal.verdict);
  EXPECT_EQ(journal.verdict->cause, journal::Cause::Exited);
}

TEST(KeeperOnAFullDisk, CanStillBeCancelled) {
  const support::SmallDisk disk(2);
  if (!disk.is_mounted()) GTEST_SKIP() << "only root may mount a small disk";
  DrivenKeeper keeper({.job_directory = job_on(disk)});
  keeper.give("started\nflood 8388608\nreport 0\n");
  keeper.send(supervise::Cancel{.signal_timeout_ms = 200});
  keeper.await<supervise::Done>();
  const auto journal = keeper.finish();
  ASSERT_TRUE(journal.verdict);
  EXPECT_EQ(journal.verdict->cause, journal::Cause::Cancelled);
}

}  // namespace
}  // namespace ostler::keeper
