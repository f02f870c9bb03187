// SPDX-License-Identifier: Apache-2.0
#include "files/beneath.hpp"

#include <gtest/gtest.h>

#include "support/temp_directory.hpp"

namespace ostler::files {
namespace {

namespace fs = std::filesystem;

TEST(Beneath, RefusesPathsThatLeave) {
  for (const std::string_view path :
       {std::string_view(""), std::string_view("/etc/passwd"), std::string_view(".."),
        std::string_view("../x"), std::string_view("a/../../x"), std::string_view("a/.."),
        std::string_view("a//b"), std::string_view("a/"), std::string_view("a\0b", 3)}) {
    EXPECT_FALSE(stays_beneath(path)) << path;
  }
}

TEST(Beneath, AcceptsPathsThatStay) {
  for (const std::string_view path : {"a", "a/b", "a/b..c", "./a", "..a", "a/.b"}) {
    EXPECT_TRUE(stays_beneath(path)) << path;
  }
}

TEST(Beneath, MakesTheDirectoriesOfAPath) {
  const support::TempDirectory directory;
  const auto path = make_path_beneath(directory / "root", "a/b/c.txt");
  ASSERT_TRUE(path);
  EXPECT_EQ(path.value(), directory / "root/a/b/c.txt");
  EXPECT_TRUE(fs::is_directory(directory / "root/a/b"));
}

TEST(Beneath, FollowsNoSymbolicLink) {
  const support::TempDirectory directory;
  fs::create_directories(directory / "root");
  fs::create_directories(directory / "outside");
  fs::create_directory_symlink(directory / "outside", directory / "root/link");
  fs::create_symlink(directory / "outside/file", directory / "root/file");
  for (const char* path : {"link/x", "link", "file"}) {
    const auto made = make_path_beneath(directory / "root", path);
    ASSERT_FALSE(made) << path;
    EXPECT_EQ(made.error().code(), Errc::Denied);
  }
}

}  // namespace
}  // namespace ostler::files
