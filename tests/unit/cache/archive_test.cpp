// SPDX-License-Identifier: Apache-2.0
#include "cache/archive.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/unique_fd.hpp"
#include "files/file.hpp"
#include "support/temp_directory.hpp"

namespace ostler::cache {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class CacheArchive : public testing::Test {
 protected:
  CacheArchive() {
    fs::create_directory(from_);
    fs::create_directory(to_);
  }
  ~CacheArchive() override { EXPECT_EQ(::chdir("/"), 0); }  // packing stands in the directory

  static UniqueFd open_directory(const fs::path& path) {
    return UniqueFd(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  }
  UniqueFd packed(const std::vector<std::string>& paths) const {
    const fs::path file = place_ / "archive";
    UniqueFd into(::open(file.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    const auto count = pack(open_directory(from_).get(), paths, into.get());
    EXPECT_TRUE(count) << count.error().message();
    ::lseek(into.get(), 0, SEEK_SET);
    return into;
  }
  void write(const fs::path& path, const std::string& text) const {
    fs::create_directories((from_ / path).parent_path());
    std::ofstream(from_ / path) << text;
  }

  support::TempDirectory place_;
  fs::path from_ = place_ / "from";
  fs::path to_ = place_ / "to";
};

TEST_F(CacheArchive, BringsFilesModesLinksAndTimesBack) {
  write("deps/lib/a", "first");
  write("deps/tool", "second");
  write("other", "not asked for");
  fs::permissions(from_ / "deps/tool", fs::perms(0755));
  fs::create_symlink("lib/a", from_ / "deps/link");
  fs::create_directory(from_ / "deps/empty");
  ASSERT_EQ(::mkfifo((from_ / "deps/fifo").c_str(), 0600), 0);
  std::ofstream(to_ / "keep") << "theirs";
  fs::create_directory(to_ / "deps");
  std::ofstream(to_ / "deps/tool") << "older";
  const UniqueFd archive = packed({"deps", "none"});
  const auto done = unpack(archive.get(), {"deps", "none"}, open_directory(to_).get());
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(files::read_file(to_ / "deps/lib/a").value(), "first");
  EXPECT_EQ(files::read_file(to_ / "deps/tool").value(), "second");
  EXPECT_EQ(fs::status(to_ / "deps/tool").permissions(), fs::perms(0755));
  EXPECT_EQ(fs::read_symlink(to_ / "deps/link"), "lib/a");
  EXPECT_TRUE(fs::is_directory(to_ / "deps/empty"));
  EXPECT_FALSE(fs::exists(to_ / "deps/fifo"));
  EXPECT_FALSE(fs::exists(to_ / "other"));
  EXPECT_TRUE(fs::exists(to_ / "keep"));
  EXPECT_EQ(fs::last_write_time(to_ / "deps/lib/a"), fs::last_write_time(from_ / "deps/lib/a"));
}

TEST_F(CacheArchive, HoldsWhatWasAskedForOnly) {
  write("deps/a", "x");
  write("more/b", "y");
  const UniqueFd archive = packed({"deps", "more"});
  const auto done = unpack(archive.get(), {"deps"}, open_directory(to_).get());
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message(), HasSubstr("not asked for: more"));
  EXPECT_FALSE(fs::exists(to_ / "more"));
}

/// As somebody who may write there would arrange it.
TEST_F(CacheArchive, LeavesTheDirectoryThroughNoLink) {
  const fs::path outside = place_ / "outside";
  fs::create_directory(outside);
  std::ofstream(outside / "secret") << "secret";
  write("deps/lib/a", "text");
  const UniqueFd archive = packed({"deps/lib"});
  fs::create_directory(to_ / "deps");
  fs::create_directory_symlink(outside, to_ / "deps/lib");
  (void)unpack(archive.get(), {"deps/lib"}, open_directory(to_).get());
  fs::remove_all(to_ / "deps");
  fs::create_directory_symlink(outside, to_ / "deps");
  (void)unpack(packed({"deps/lib"}).get(), {"deps/lib"}, open_directory(to_).get());
  EXPECT_EQ(std::distance(fs::directory_iterator(outside), {}), 1);
  fs::create_directory_symlink(outside, from_ / "way");
  const auto into = UniqueFd(::open((place_ / "x").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  EXPECT_FALSE(pack(open_directory(from_).get(), {"way/secret"}, into.get()));
}

/// What could not be unpacked would be in the way for as long as it is kept.
TEST_F(CacheArchive, HoldsNoMoreThanCanBeUnpacked) {
  write("first", "x");
  write("hole", "");
  fs::resize_file(from_ / "hole", std::uintmax_t{64} << 30);
  const auto into = UniqueFd(::open((place_ / "x").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  const auto packed = pack(open_directory(from_).get(), {"first", "hole"}, into.get());
  ASSERT_FALSE(packed);
  EXPECT_EQ(packed.error().code(), Errc::UserFault);
  EXPECT_THAT(packed.error().message(), HasSubstr("at most 64 GiB"));
}

TEST_F(CacheArchive, IsNothingElse) {
  std::ofstream(place_ / "text") << "no archive at all, but long enough to be looked at";
  const UniqueFd text(::open((place_ / "text").c_str(), O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(unpack(text.get(), {"deps"}, open_directory(to_).get()).error().code(), Errc::Corrupt);
  write("deps/a", std::string(100'000, 'x'));
  UniqueFd archive = packed({"deps"});
  ASSERT_EQ(::ftruncate(archive.get(), ::lseek(archive.get(), 0, SEEK_END) / 2), 0);
  ::lseek(archive.get(), 0, SEEK_SET);
  EXPECT_FALSE(unpack(archive.get(), {"deps"}, open_directory(to_).get()));
}

}  // namespace
}  // namespace ostler::cache
