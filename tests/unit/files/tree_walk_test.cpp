// SPDX-License-Identifier: Apache-2.0
#include "files/tree_walk.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "files/remove_tree.hpp"
#include "support/temp_directory.hpp"

namespace ostler::files {
namespace {

namespace fs = std::filesystem;

constexpr int kManyFiles = 3'000;
constexpr int kManyDirectories = 700;

class RecordingVisitor : public TreeVisitor {
 public:
  Result<bool> meet(int parent, const std::string& name) override {
    struct stat found{};
    if (::fstatat(parent, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) return false;
    EXPECT_TRUE(met.insert(name).second) << name << " is met twice";
    return S_ISDIR(found.st_mode);
  }
  Result<void> leave(int, const std::string& name) override {
    if (left.empty()) met_before_the_first_left = met.size();
    EXPECT_TRUE(left.insert(name).second) << name << " is left twice";
    return success();
  }

  std::set<std::string> met;
  std::set<std::string> left;
  std::size_t met_before_the_first_left = 0;
};

/// One in which there are very many.
class ManyInOne : public testing::Test {
 protected:
  void make_files() const {
    for (int i = 0; i < kManyFiles; ++i) std::ofstream(tree_ / ("file" + std::to_string(i)));
  }
  void make_directories() const {
    for (int i = 0; i < kManyDirectories; ++i) fs::create_directory(tree_ / std::to_string(i));
  }
  void SetUp() override { fs::create_directory(tree_); }

  const support::TempDirectory directory_;
  const fs::path tree_ = directory_ / "tree";
};

TEST_F(ManyInOne, FilesAreMetBeforeAllAreListed) {
  class Clearing : public RecordingVisitor {
   public:
    explicit Clearing(fs::path tree) : tree_(std::move(tree)) {}
    Result<bool> meet(int parent, const std::string& name) override {
      ++asked;
      if (asked == 2) {
        for (const auto& entry : fs::directory_iterator(tree_)) fs::remove(entry.path());
      }
      return RecordingVisitor::meet(parent, name);
    }
    int asked = 0;

   private:
    fs::path tree_;
  };
  make_files();
  Clearing visitor(tree_);
  ASSERT_TRUE(walk_tree(tree_, visitor, S_IRWXU));
  EXPECT_LT(visitor.asked, kManyFiles / 2) << "those that went with the first were listed by then";
}

TEST_F(ManyInOne, DirectoriesAreGoneIntoBeforeAllAreListedAndAllAreRemoved) {
  make_directories();
  RecordingVisitor visitor;
  ASSERT_TRUE(walk_tree(tree_, visitor, S_IRWXU));
  EXPECT_EQ(visitor.met.size(), kManyDirectories + 1u);
  EXPECT_EQ(visitor.left.size(), kManyDirectories + 1u);
  EXPECT_LT(visitor.met_before_the_first_left, kManyDirectories / 2u);
  ASSERT_TRUE(remove_tree(tree_));
  EXPECT_FALSE(fs::exists(tree_));
}

TEST_F(ManyInOne, FilesAreRemoved) {
  make_files();
  ASSERT_TRUE(remove_tree(tree_));
  EXPECT_FALSE(fs::exists(tree_));
}

}  // namespace
}  // namespace ostler::files
