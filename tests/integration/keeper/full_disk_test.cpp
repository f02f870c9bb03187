// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <fstream>

#include "integration/keeper/driven_keeper.hpp"

namespace ostler::keeper {
namespace {

/// A file system of 2 MiB.
class SmallDisk {
 public:
  SmallDisk() {
    std::filesystem::create_directory(path());
    is_mounted_ = ::mount("tmpfs", path().c_str(), "tmpfs", 0, "size=2m") == 0;
    if (is_mounted_) std::filesystem::create_directory(path() / "small-disk-job");
  }
  ~SmallDisk() {
    if (is_mounted_) ::umount2(path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool is_mounted() const { return is_mounted_; }
  std::filesystem::path path() const { return temporary_ / "disk"; }
  std::filesystem::path job() const { return path() / "small-disk-job"; }
  /// Takes all space that is left.
  void fill() const {
    std::ofstream file(path() / "filler", std::ios::binary);
    const std::string piece(4096, 'f');
    while (file.write(piece.data(), static_cast<std::streamsize>(piece.size())).flush()) {
    }
  }

 private:
  support::TempDirectory temporary_;
  bool is_mounted_ = false;
};

TEST(KeeperOnAFullDisk, WritesTheVerdictIntoTheSpaceItHasKept) {
  const SmallDisk disk;
  if (!disk.is_mounted()) GTEST_SKIP() << "only root may mount a small disk";
  DrivenKeeper keeper({.arguments = {"--disk-patience-ms", "200"}, .job_directory = disk.job()});
  keeper.give("started\nflood 8388608\nreport 0\n");
  keeper.await<supervise::Done>();
  const auto journal = keeper.finish();
  ASSERT_TRUE(journal.verdict);
  EXPECT_EQ(journal.verdict->cause, journal::Cause::DiskFull);
  EXPECT_THAT(journal.verdict->evidence, testing::HasSubstr("full"));
}

TEST(KeeperOnAFullDisk, GoesOnWhenThereIsSpaceAgain) {
  const SmallDisk disk;
  if (!disk.is_mounted()) GTEST_SKIP() << "only root may mount a small disk";
  DrivenKeeper keeper({.job_directory = disk.job()});
  keeper.hello();
  disk.fill();
  keeper.send(supervise::Job{"started\nflood 524288\nreport 0\n"});
  std::filesystem::remove(disk.path() / "filler");
  keeper.await<supervise::Done>();
  const auto journal = keeper.finish();
  EXPECT_EQ(journal.output.size(), 524288u);
  ASSERT_TRUE(journal.verdict);
  EXPECT_EQ(journal.verdict->cause, journal::Cause::Exited);
}

TEST(KeeperOnAFullDisk, CanStillBeCancelled) {
  const SmallDisk disk;
  if (!disk.is_mounted()) GTEST_SKIP() << "only root may mount a small disk";
  DrivenKeeper keeper({.job_directory = disk.job()});
  keeper.give("started\nflood 8388608\nreport 0\n");
  keeper.send(supervise::Cancel{.signal_timeout_ms = 200});
  keeper.await<supervise::Done>();
  const auto journal = keeper.finish();
  ASSERT_TRUE(journal.verdict);
  EXPECT_EQ(journal.verdict->cause, journal::Cause::Cancelled);
}

}  // namespace
}  // namespace ostler::keeper
