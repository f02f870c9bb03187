// SPDX-License-Identifier: Apache-2.0
#include "files/copy_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "files/disk_space.hpp"
#include "files/file.hpp"
#include "support/temp_directory.hpp"

namespace ostler::files {
namespace {

class CopyFile : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(write_file_atomically(from_, text_)); }

  support::TempDirectory directory_;
  std::filesystem::path from_ = directory_ / "from";
  std::filesystem::path to_ = directory_ / "to";
  std::string text_ = std::string(3'000'000, 'a') + "end";
};

TEST_F(CopyFile, CopiesTheFirstBytesAndNoMore) {
  ASSERT_TRUE(copy_file(from_, to_, 3'000'001));
  EXPECT_EQ(read_file(to_).value(), std::string(3'000'000, 'a') + "e");
  struct stat about{};
  ASSERT_EQ(::stat(to_.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777u, 0600u);
}

TEST_F(CopyFile, RefusesAFileThatIsTooShortAndLeavesNothing) {
  const auto refused = copy_file(from_, to_, 3'000'004);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::Corrupt);
  EXPECT_FALSE(std::filesystem::exists(to_));
}

TEST_F(CopyFile, ReplacesNothing) {
  ASSERT_TRUE(write_file_atomically(to_, "there"));
  EXPECT_EQ(copy_file(from_, to_, 1).error().code(), Errc::Conflict);
  EXPECT_EQ(read_file(to_).value(), "there");
}

TEST_F(CopyFile, SaysThatAFileIsNotThere) {
  EXPECT_EQ(copy_file(directory_ / "nothing", to_, 0).error().code(), Errc::NotFound);
}

TEST_F(CopyFile, FindsRoomOnTheDiskOfADirectory) {
  const auto space = disk_space(directory_.path());
  ASSERT_TRUE(space);
  EXPECT_GT(space.value().total, 0);
  EXPECT_LE(space.value().available, space.value().total);
  EXPECT_EQ(disk_space(directory_ / "nothing").error().code(), Errc::NotFound);
}

}  // namespace
}  // namespace ostler::files
