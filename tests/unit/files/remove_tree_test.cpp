// SPDX-License-Identifier: Apache-2.0
#include "files/remove_tree.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "files/tree_size.hpp"
#include "support/temp_directory.hpp"

namespace ostler::files {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLevel = "directory";

/// Makes `count` directories, each in the one before, and a file in the last. A path of all of them
/// is longer than any call takes.
void nest(const fs::path& top, int count, const std::string& text = {}) {
  const fs::path before = fs::current_path();
  fs::create_directory(top);
  fs::current_path(top);
  for (int i = 0; i < count; ++i) {
    ASSERT_EQ(::mkdir(kLevel, 0700), 0);
    ASSERT_EQ(::chdir(kLevel), 0);
  }
  std::ofstream("file") << text;
  fs::current_path(before);
}

TEST(RemoveTree, RemovesWhatItsOwnerClosedAndFollowsNoLink) {
  const support::TempDirectory directory;
  const fs::path tree = directory.path() / "tree";
  nest(tree, 3);
  fs::create_directory(directory.path() / "other");
  fs::create_symlink(directory.path() / "other", tree / "link");
  fs::permissions(tree / kLevel, fs::perms::none);
  ASSERT_TRUE(remove_tree(tree));
  EXPECT_FALSE(fs::exists(tree));
  EXPECT_TRUE(fs::exists(directory.path() / "other"));
  EXPECT_TRUE(remove_tree(tree)) << "what is not there is no error";
}

/// With few descriptors, and where no path names the last of them.
TEST(RemoveTree, RemovesAndCountsWhatIsNestedDeep) {
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const support::TempDirectory directory;
  const fs::path tree = directory.path() / "tree";
  nest(tree, 700, std::string(256 << 10, 'x'));
  const rlimit few{64, before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &few);
  EXPECT_GE(tree_size(tree), 256u << 10);
  EXPECT_TRUE(remove_tree(tree));
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_FALSE(fs::exists(tree));
}

TEST(TreeSize, CountsWhatItsOwnerClosedAndLeavesRightsThatItNeedsNot) {
  const support::TempDirectory directory;
  fs::create_directories(directory.path() / "tree/closed");
  std::ofstream(directory.path() / "tree/closed/file") << std::string(256 << 10, 'x');
  fs::create_directories(directory.path() / "tree/read-only");
  fs::permissions(directory.path() / "tree/closed", fs::perms::none);
  const auto kReadOnly = fs::perms::owner_read | fs::perms::owner_exec;
  fs::permissions(directory.path() / "tree/read-only", kReadOnly);
  EXPECT_GE(tree_size(directory.path() / "tree"), 256u << 10);
  EXPECT_EQ(fs::status(directory.path() / "tree/read-only").permissions(), kReadOnly);
  EXPECT_EQ(tree_size(directory.path() / "nothing"), 0u);
  EXPECT_TRUE(remove_tree(directory.path() / "tree"));
}

}  // namespace
}  // namespace ostler::files
