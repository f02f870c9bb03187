// SPDX-License-Identifier: Apache-2.0
#include "store/growing_files.hpp"

#include <gmock/gmock.h>

#include "support/temp_directory.hpp"

namespace ostler::store {
namespace {

using testing::HasSubstr;

class GrowingFilesTest : public testing::Test {
 protected:
  /// One that takes what is written and cannot be synced: the kernel refuses that for a device.
  std::filesystem::path unsyncable() const {
    const auto path = directory_ / "unsyncable";
    if (!std::filesystem::is_symlink(path)) std::filesystem::create_symlink("/dev/null", path);
    return path;
  }
  std::filesystem::path file(int number) const { return directory_ / std::to_string(number); }

  void write(const std::filesystem::path& path, std::int64_t position = 0) {
    const auto written = files_.write_at(path, position, "some text");
    ASSERT_TRUE(written) << written.error().message();
  }

  support::TempDirectory directory_;
  GrowingFiles files_;
};

TEST_F(GrowingFilesTest, SyncsMoreFilesThanItHasThreadsAgainAndAgain) {
  for (std::int64_t round = 0; round < 3; ++round) {
    for (int number = 0; number < 40; ++number) write(file(number), round * 9);
    EXPECT_TRUE(files_.sync());
  }
  EXPECT_EQ(std::filesystem::file_size(file(39)), 27U);
}

TEST_F(GrowingFilesTest, SaysWhichOfSeveralFilesFailedAndGoesOnWithoutIt) {
  for (int number = 0; number < 20; ++number) write(file(number));
  write(unsyncable());
  const auto synced = files_.sync();
  ASSERT_FALSE(synced);
  EXPECT_THAT(synced.error().message(), HasSubstr("unsyncable"));
  write(file(3), 9);
  EXPECT_TRUE(files_.sync());
  write(unsyncable());
  EXPECT_FALSE(files_.sync());
}

TEST_F(GrowingFilesTest, FailsTheNextSyncWhenAFileFailedThatWasClosedToMakeRoom) {
  write(unsyncable());
  Result<void> written = success();
  for (int number = 0; written && number < 300; ++number) {
    written = files_.write_at(file(number), 0, "some text");
  }
  EXPECT_FALSE(written);
  const auto synced = files_.sync();
  ASSERT_FALSE(synced);
  EXPECT_THAT(synced.error().message(), HasSubstr("unsyncable"));
  EXPECT_TRUE(files_.sync());
}

}  // namespace
}  // namespace ostler::store
