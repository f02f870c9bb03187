// SPDX-License-Identifier: Apache-2.0
#include "files/remove_tree.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temp_directory.hpp"

namespace ostler::files {
namespace {

namespace fs = std::filesystem;

/// Makes `count` directories, each in the one before. A path of all of them is longer than any call
/// takes.
void nest(const fs::path& top, int count) {
  const fs::path before = fs::current_path();
  fs::create_directory(top);
  fs::current_path(top);
  for (int i = 0; i < count; ++i) {
    ASSERT_EQ(::mkdir("d", 0700), 0);
    ASSERT_EQ(::chdir("d"), 0);
  }
  fs::current_path(before);
}

TEST(RemoveTree, RemovesWhatItsOwnerClosedAndFollowsNoLink) {
  const support::TempDirectory directory;
  const fs::path tree = directory.path() / "tree";
  nest(tree, 3);
  fs::create_directory(directory.path() / "other");
  fs::create_symlink(directory.path() / "other", tree / "link");
  fs::permissions(tree / "d", fs::perms::none);
  ASSERT_TRUE(remove_tree(tree));
  EXPECT_FALSE(fs::exists(tree));
  EXPECT_TRUE(fs::exists(directory.path() / "other"));
  EXPECT_TRUE(remove_tree(tree)) << "what is not there is no error";
}

/// However many descriptors there are: the stack ends as well.
TEST(RemoveTree, LeavesWhatIsNestedWithoutEnd) {
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const rlimit many{before.rlim_max, before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &many);
  const support::TempDirectory directory;
  const fs::path tree = directory.path() / "tree";
  nest(tree, 700);
  const auto removed = remove_tree(tree);
  ASSERT_FALSE(removed);
  EXPECT_NE(removed.error().message().find("too many levels"), std::string::npos);
  fs::path half = tree;
  for (int i = 0; i < 350; ++i) half /= "d";
  fs::rename(half, directory.path() / "half");
  EXPECT_TRUE(remove_tree(tree));
  EXPECT_TRUE(remove_tree(directory.path() / "half"));
  ::setrlimit(RLIMIT_NOFILE, &before);
}

}  // namespace
}  // namespace ostler::files
