// SPDX-License-Identifier: Apache-2.0
#include "cache/place_sweep.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "cache/blob_place.hpp"
#include "files/file.hpp"
#include "support/temp_directory.hpp"

namespace ostler::cache {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;

constexpr hours kDay{24};

class PlaceSweep : public testing::Test {
 protected:
  fs::path make(const std::string& name, hours age) const {
    std::ofstream(place_ / name) << name;
    fs::last_write_time(place_ / name, fs::file_time_type::clock::now() - age);
    return place_ / name;
  }
  static std::string digest(char digit) { return std::string(64, digit); }

  support::TempDirectory place_;
};

TEST_F(PlaceSweep, RemovesWhatNobodyUses) {
  const fs::path unused = make(digest('a'), 32 * kDay);
  const fs::path used = make(digest('b'), 30 * kDay);
  const fs::path half = make(".partial-" + digest('c') + "-7", 2 * kDay);
  const fs::path written = make(".partial-" + digest('d') + "-7", hours(1));
  sweep_place(place_.path());
  EXPECT_FALSE(fs::exists(unused));
  EXPECT_TRUE(fs::exists(used));
  EXPECT_FALSE(fs::exists(half));
  EXPECT_TRUE(fs::exists(written));
}

TEST_F(PlaceSweep, GivesBackWhatWasUsedSinceItsAgeWasRead) {
  const fs::path used = make(digest('a'), hours(1));
  remove_unused(place_.path(), digest('a'));
  ASSERT_TRUE(fs::exists(used));
  EXPECT_EQ(files::read_file(used).value(), digest('a'));
  const fs::path unused = make(digest('b'), 32 * kDay);
  remove_unused(place_.path(), digest('b'));
  EXPECT_FALSE(fs::exists(unused));
  const fs::directory_iterator all(place_.path());
  EXPECT_EQ(std::distance(begin(all), end(all)), 1) << "nothing is left aside";
}

TEST_F(PlaceSweep, TouchesNoFileOfOthers) {
  fs::create_directory(place_ / digest('e'));
  fs::last_write_time(place_ / digest('e'), fs::file_time_type::clock::now() - 99 * kDay);
  fs::create_symlink("/nowhere", place_ / digest('f'));
  for (const char* name : {"notes", ".partial-download", ".hidden"}) make(name, 99 * kDay);
  make(digest('A'), 99 * kDay);
  sweep_place(place_.path());
  const fs::directory_iterator all(place_.path());
  EXPECT_EQ(std::distance(begin(all), end(all)), 7) << "and the time of the sweep";
}

TEST_F(PlaceSweep, ComesOnceADay) {
  sweep_place(place_.path());
  const fs::path unused = make(digest('a'), 32 * kDay);
  sweep_place(place_.path());
  EXPECT_TRUE(fs::exists(unused));
  fs::last_write_time(place_ / ".swept", fs::file_time_type::clock::now() - 2 * kDay);
  sweep_place(place_.path());
  EXPECT_FALSE(fs::exists(unused));
  const fs::path other = make(digest('b'), 32 * kDay);
  fs::last_write_time(place_ / ".swept", fs::file_time_type::clock::now() + 2 * kDay);
  sweep_place(place_.path());
  EXPECT_FALSE(fs::exists(other)) << "by a clock that was wrong";
}

TEST_F(PlaceSweep, ComesWithAFileThatIsKeptAndSparesWhatWasReadSince) {
  const auto kept = open_blob_place("file://" + place_.path().string(), {});
  ASSERT_TRUE(kept);
  net::BlockingHttpClient client({.user_agent = "test"});
  const fs::path unused = make(digest('a'), 32 * kDay);
  const fs::path read = make(digest('b'), 32 * kDay);
  const support::TempDirectory elsewhere;
  ASSERT_TRUE(kept.value()->get(client, digest('b'), elsewhere / "b"));
  EXPECT_EQ(files::read_file(elsewhere / "b").value(), digest('b'));
  std::ofstream(elsewhere / "c") << "c";
  ASSERT_TRUE(kept.value()->put(client, {.path = digest('c'),
                                         .file = elsewhere / "c",
                                         .size = 1,
                                         .sha1 = "",
                                         .sha256 = digest('c'),
                                         .content_type = ""}));
  EXPECT_FALSE(fs::exists(unused));
  EXPECT_TRUE(fs::exists(read));
  EXPECT_TRUE(fs::exists(place_.path() / digest('c')));
}

}  // namespace
}  // namespace ostler::cache
