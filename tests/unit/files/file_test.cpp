// SPDX-License-Identifier: Apache-2.0
#include "files/file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/temp_directory.hpp"

namespace ostler::files {
namespace {

mode_t mode_of(const std::filesystem::path& path) {
  struct stat found{};
  EXPECT_EQ(::stat(path.c_str(), &found), 0);
  return found.st_mode & 0777;
}

TEST(WriteFileAtomically, ReplacesContentAndLeavesNothingBeside) {
  const support::TempDirectory directory;
  ASSERT_TRUE(write_file_atomically(directory / "a", "old", 0600, Sync::Yes));
  ASSERT_TRUE(write_file_atomically(directory / "a", "new", 0640));
  EXPECT_EQ(read_file(directory / "a").value(), "new");
  EXPECT_EQ(mode_of(directory / "a"), 0640u);
  EXPECT_FALSE(std::filesystem::exists(directory / "a.new"));
}

TEST(WriteFileAtomically, KeepsTheOldContentWhenItFails) {
  const support::TempDirectory directory;
  ASSERT_TRUE(write_file_atomically(directory / "a", "old"));
  std::filesystem::create_directory(directory / "a.new");
  const auto failed = write_file_atomically(directory / "a", "new");
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().message().find("a.new"), std::string::npos);
  EXPECT_EQ(read_file(directory / "a").value(), "old");
}

TEST(ReadFile, SaysWhichFileIsMissing) {
  const auto missing = read_file("/no/such/file");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), Errc::NotFound);
  EXPECT_NE(missing.error().message().find("/no/such/file"), std::string::npos);
}

TEST(ReadFile, RefusesMoreThanItsLimit) {
  const support::TempDirectory directory;
  ASSERT_TRUE(write_file_atomically(directory / "big", std::string(100'000, 'x')));
  EXPECT_EQ(read_file(directory / "big", 99'999).error().code(), Errc::UserFault);
  EXPECT_EQ(read_file(directory / "big", 100'000).value().size(), 100'000u);
}

TEST(EnsurePrivateDirectory, MakesItWithItsParents) {
  const support::TempDirectory directory;
  ASSERT_TRUE(ensure_private_directory(directory / "a/b/c"));
  EXPECT_EQ(mode_of(directory / "a/b/c"), 0700u);
  EXPECT_TRUE(ensure_private_directory(directory / "a/b/c"));
}

TEST(EnsurePrivateDirectory, RefusesOneThatOthersMayEnterAndSaysTheCure) {
  const support::TempDirectory directory;
  std::filesystem::create_directory(directory / "open");
  ::chmod((directory / "open").c_str(), 0755);
  const auto refused = ensure_private_directory(directory / "open");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::Denied);
  EXPECT_NE(refused.error().message().find("chmod 700"), std::string::npos);
}

TEST(EnsurePrivateDirectory, RefusesAFile) {
  const support::TempDirectory directory;
  ASSERT_TRUE(write_file_atomically(directory / "file", ""));
  EXPECT_EQ(ensure_private_directory(directory / "file").error().code(), Errc::Denied);
}

}  // namespace
}  // namespace ostler::files
