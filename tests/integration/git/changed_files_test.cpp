// SPDX-License-Identifier: Apache-2.0
#include "git/changed_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "git/library.hpp"
#include "support/child_program.hpp"
#include "support/temp_directory.hpp"

namespace ostler::git {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ChangedFilesTest : public testing::Test {
 protected:
  ChangedFilesTest() {
    fs::create_directory(tree_);
    git({"init", "-q", "-b", "main"});
    commit("kept", "1");
    commit("dir/old", "some lines that are found again\nwhen the file is moved\n");
  }

  void git(std::vector<std::string> arguments, const fs::path& directory = {}) const {
    arguments.insert(arguments.begin(),
                     {"git", "-c", "user.name=Ann", "-c", "user.email=ann@example.com"});
    support::ProgramOptions options;
    options.directory = directory.empty() ? tree_ : directory;
    const auto result = support::run_program(arguments, options);
    ASSERT_EQ(result.code, 0) << result.err;
  }
  void commit(const fs::path& name, const std::string& content) const {
    fs::create_directories((tree_ / name).parent_path());
    std::ofstream(tree_ / name) << content;
    git({"add", "."});
    git({"commit", "-qm", "change " + name.string()});
  }
  Result<ChangedFiles> changed(const std::string& base, const fs::path& where = {}) const {
    return changed_files(Repository::open(where.empty() ? tree_ : where).value(), base);
  }
  std::vector<std::string> paths(const std::string& base) const {
    const auto found = changed(base);
    EXPECT_TRUE(found) << found.error().message();
    return found ? found.value().paths : std::vector<std::string>{};
  }

  const Library library_;
  const support::TempDirectory directory_;
  const fs::path tree_ = directory_ / "tree";
};

TEST_F(ChangedFilesTest, CountFromWhereABranchLeftItsBase) {
  git({"checkout", "-qb", "topic"});
  commit("new", "2");
  commit("kept", "3");
  git({"checkout", "-q", "main"});
  commit("others", "4");
  git({"checkout", "-q", "topic"});
  EXPECT_THAT(paths("main"), ElementsAre("kept", "new"));
}

TEST_F(ChangedFilesTest, CountDeletedFilesAndBothNamesOfAMovedOne) {
  git({"checkout", "-qb", "topic"});
  git({"rm", "-q", "kept"});
  git({"mv", "dir/old", "renamed"});
  git({"commit", "-qm", "away"});
  EXPECT_THAT(paths("main"), ElementsAre("dir/old", "kept", "renamed"));
}

TEST_F(ChangedFilesTest, AreThoseOfTheLastCommitOnTheBaseItself) {
  EXPECT_THAT(paths("main"), ElementsAre("dir/old"));
  git({"branch", "ahead"});
  git({"checkout", "-q", "ahead"});
  commit("later", "1");
  git({"checkout", "-q", "main"});
  EXPECT_THAT(paths("ahead"), ElementsAre("dir/old"));
}

TEST_F(ChangedFilesTest, OfAMergeAreThoseThatItBroughtIn) {
  git({"checkout", "-qb", "topic"});
  commit("topical", "1");
  git({"checkout", "-q", "main"});
  commit("meanwhile", "1");
  git({"merge", "-q", "--no-ff", "-m", "merge", "topic"});
  EXPECT_THAT(paths("main"), ElementsAre("topical"));
}

TEST_F(ChangedFilesTest, OfAFirstCommitAreAllItsFiles) {
  git({"checkout", "-q", "--orphan", "fresh"});
  git({"commit", "-qm", "fresh"});
  EXPECT_THAT(paths("HEAD"), ElementsAre("dir/old", "kept"));
}

TEST_F(ChangedFilesTest, AreNoneOfAnEmptyCommit) {
  git({"commit", "-qm", "empty", "--allow-empty"});
  EXPECT_THAT(paths("main"), IsEmpty());
}

TEST_F(ChangedFilesTest, CannotBeToldWithoutTheBase) {
  const auto found = changed("origin/main");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code(), Errc::NotFound);
  EXPECT_THAT(found.error().message(), HasSubstr("origin/main"));
}

TEST_F(ChangedFilesTest, CannotBeToldInAShallowCloneThatLacksTheCommits) {
  const fs::path shallow = directory_ / "shallow";
  git({"clone", "-q", "--depth", "1", "file://" + tree_.string(), shallow.string()},
      directory_.path());
  const auto found = changed("origin/main", shallow);
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message(), HasSubstr("shallow"));
}

}  // namespace
}  // namespace ostler::git
