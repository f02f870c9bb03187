// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <random>

#include "files/disk_space.hpp"
#include "files/file.hpp"
#include "store/directory_blob_store.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "support/store_house.hpp"
#include "support/temp_directory.hpp"

namespace ostler::store {
namespace {

/// A file system of three megabytes, with a ballast file that can be thrown out.
class SmallDisk {
 public:
  SmallDisk() {
    is_mounted_ = ::mount("tmpfs", directory_.path().c_str(), "tmpfs", 0, "size=3m") == 0;
    if (is_mounted_) {
      OSTLER_ASSERT(files::write_file_atomically(ballast(), std::string(1 << 20, 'x')));
    }
  }
  ~SmallDisk() {
    if (is_mounted_) ::umount2(directory_.path().c_str(), MNT_DETACH);
  }
  bool is_mounted() const { return is_mounted_; }
  void make_room() const { std::filesystem::remove(ballast()); }
  std::filesystem::path store() const { return directory_ / "store"; }

 private:
  std::filesystem::path ballast() const { return directory_ / "ballast"; }

  support::TempDirectory directory_;
  bool is_mounted_ = false;
};

/// Text that gzip cannot make smaller.
std::string noise(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string text(size, '\0');
  for (char& letter : text) letter = static_cast<char>(random());
  return text;
}

class FullDisk : public testing::Test {
 protected:
  void SetUp() override {
    if (!disk_.is_mounted()) GTEST_SKIP() << "cannot mount a small tmpfs: " << std::strerror(errno);
    house_.emplace(disk_.store());
    agent_ = house_->connect_agent();
    job_ = house_->create_build("steps: [{command: a}]").follow_ups.runnable.front();
    house_->accept(agent_, job_);
    house_->start(agent_, job_);
  }

  SmallDisk disk_;
  std::optional<support::StoreHouse> house_;
  support::Worker agent_;
  JobId job_;
};

TEST(FullDiskUpgrade, AsksForRoomBeforeItBegins) {
  const SmallDisk disk;
  if (!disk.is_mounted()) GTEST_SKIP() << "cannot mount a small tmpfs: " << std::strerror(errno);
  ASSERT_TRUE(files::ensure_private_directory(disk.store()));
  const auto file = disk.store() / "ostler.db";
  const auto old =
      std::filesystem::path(std::getenv("OSTLER_SOURCE_DIR")) / "tests/data/store/version_1.sql";
  {
    auto database = sqlite::Connection::open(file, sqlite::Access::ReadWrite).value();
    ASSERT_TRUE(database.run_script(files::read_file(old).value()));
  }
  const auto size = std::filesystem::file_size(file);
  const auto left = static_cast<std::size_t>(files::disk_space(file).value().available);
  ASSERT_TRUE(files::write_file_atomically(disk.store() / "filler",
                                           std::string(left - size - size / 2, 'x')));
  const auto blobs = open_directory_blob_store(disk.store()).value();
  SqliteOptions options;
  options.directory = disk.store();
  const auto refused = open_sqlite_store(options, *blobs);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::Unavailable);
  EXPECT_NE(refused.error().message().find("copy before the upgrade"), std::string::npos);
  EXPECT_NE(refused.error().message().find("make room"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(file.string() + ".version-1.partial"));
  disk.make_room();
  EXPECT_TRUE(open_sqlite_store(options, *blobs));
  EXPECT_TRUE(std::filesystem::exists(file.string() + ".version-1"));
}

constexpr std::size_t kChunk = 50'000;

TEST_F(FullDisk, RefusesForNowKeepsWhatItTookAndGoesOnWhenThereIsRoom) {
  std::string log;
  Result<void> appended = success();
  AppendChunk chunk;
  for (unsigned sequence = 1; appended && sequence < 100; ++sequence) {
    const auto text = noise(kChunk, sequence);
    chunk = house_->chunk(agent_, job_, sequence, static_cast<std::int64_t>(log.size()), text);
    appended = house_->call(house_->store().append_chunk(chunk));
    if (appended) log += text;
  }
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().code(), Errc::Unavailable);
  EXPECT_TRUE(appended.error().retryable());
  EXPECT_GE(log.size(), 5 * kChunk);
  EXPECT_TRUE(house_->log_of(job_) == log);

  disk_.make_room();
  house_->get(house_->store().append_chunk(chunk));
  house_->finish(agent_, job_);
  EXPECT_EQ(house_->log_of(job_).size(), log.size() + kChunk);
  house_->reopen();
  EXPECT_TRUE(house_->log_of(job_).starts_with(log));
}

}  // namespace
}  // namespace ostler::store
