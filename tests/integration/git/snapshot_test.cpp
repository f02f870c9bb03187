// SPDX-License-Identifier: Apache-2.0
#include "git/snapshot.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <map>

#include "files/file.hpp"
#include "git/library.hpp"
#include "support/child_program.hpp"
#include "support/temp_directory.hpp"

namespace ostler::git {
namespace {

namespace fs = std::filesystem;

class SnapshotTest : public testing::Test {
 protected:
  SnapshotTest() {
    fs::create_directory(tree_);
    git({"init", "-q", "-b", "main"});
    write("kept.txt", "kept\n");
    write("changed.txt", "old\n");
    write("deleted.txt", "gone soon\n");
    write(".gitignore", "ignored.txt\nbuild/\n");
    git({"add", "."});
    git({"commit", "-qm", "First words\n\nMore words."});
  }

  std::string git(std::vector<std::string> arguments, const fs::path& directory = {}) const {
    arguments.insert(arguments.begin(), "git");
    support::ProgramOptions options;
    options.directory = directory.empty() ? tree_ : directory;
    for (const char* who : {"AUTHOR", "COMMITTER"}) {
      options.environment[std::string("GIT_") + who + "_NAME"] = "Ann";
      options.environment[std::string("GIT_") + who + "_EMAIL"] = "ann@example.com";
    }
    const auto result = support::run_program(arguments, options);
    EXPECT_EQ(result.code, 0) << arguments[1] << ": " << result.err;
    return result.out.substr(0, result.out.find_last_not_of('\n') + 1);
  }

  void write(const fs::path& name, const std::string& content) const {
    fs::create_directories((tree_ / name).parent_path());
    std::ofstream(tree_ / name) << content;
  }

  Snapshot taken(const fs::path& from) {
    auto snapshot = take_snapshot(from, store_);
    if (snapshot) return std::move(snapshot).value();
    ADD_FAILURE() << snapshot.error().message();
    return {};
  }

  std::string in_store(const std::string& name) const {
    return git({"show", "HEAD:" + name}, store_);
  }
  std::string files_in_store() const {
    return git({"ls-tree", "-r", "--name-only", "HEAD"}, store_);
  }

  /// Path, content and change time of everything in a directory.
  static std::map<fs::path, std::string> everything_in(const fs::path& directory) {
    std::map<fs::path, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
      struct stat status{};
      lstat(entry.path().c_str(), &status);
      std::string facts = std::to_string(status.st_ctim.tv_sec) + "." +
                          std::to_string(status.st_ctim.tv_nsec) + " " +
                          std::to_string(status.st_mode) + " ";
      if (entry.is_regular_file()) facts += files::read_file(entry.path()).value();
      all[entry.path()] = facts;
    }
    return all;
  }

  Library library_;
  support::TempDirectory directory_;
  fs::path tree_ = directory_ / "tree";
  fs::path store_ = directory_ / "store";
};

TEST_F(SnapshotTest, HasChangesAndUntrackedFilesButNoIgnoredOnes) {
  write("changed.txt", "new\n");
  fs::remove(tree_ / "deleted.txt");
  write("folder/untracked.txt", "fresh\n");
  write("ignored.txt", "secret\n");
  write("build/out.o", "object\n");
  const Snapshot snapshot = taken(tree_);
  EXPECT_EQ(files_in_store(), ".gitignore\nchanged.txt\nfolder/untracked.txt\nkept.txt");
  EXPECT_EQ(in_store("changed.txt"), "new");
  EXPECT_EQ(in_store("kept.txt"), "kept");
  EXPECT_EQ(snapshot.changed_files, 3u);
  EXPECT_EQ(snapshot.branch, "main");
  EXPECT_EQ(snapshot.commit, git({"rev-parse", "refs/heads/main"}, store_));
  EXPECT_EQ(git({"rev-parse", "HEAD~1"}, store_), git({"rev-parse", "HEAD"}));
}

TEST_F(SnapshotTest, OfACleanTreeIsItsLastCommit) {
  const Snapshot snapshot = taken(tree_);
  EXPECT_EQ(snapshot.commit, git({"rev-parse", "HEAD"}));
  EXPECT_EQ(snapshot.changed_files, 0u);
  EXPECT_EQ(snapshot.subject, "First words");
}

TEST_F(SnapshotTest, OfACommitIsThatCommitWhateverTheWorkTreeIs) {
  const std::string first = git({"rev-parse", "HEAD"});
  write("changed.txt", "new\n");
  git({"commit", "-qam", "Second words"});
  write("changed.txt", "newer\n");
  const auto snapshot = snapshot_of_commit(tree_, first, "topic", store_);
  ASSERT_TRUE(snapshot && snapshot.value());
  EXPECT_EQ(snapshot.value()->subject, "First words");
  EXPECT_EQ(git({"rev-parse", "refs/heads/topic"}, store_), first);
  EXPECT_EQ(in_store("changed.txt"), git({"show", first + ":changed.txt"}));
}

TEST_F(SnapshotTest, OfACommitNeedsNoBranchThatGitAllows) {
  const std::string commit = git({"rev-parse", "HEAD"});
  const auto snapshot = snapshot_of_commit(tree_, commit, "user:topic", store_);
  ASSERT_TRUE(snapshot && snapshot.value());
  EXPECT_EQ(git({"rev-parse", "HEAD"}, store_), commit);
}

TEST_F(SnapshotTest, OfACommitThatIsNotThereIsNone) {
  for (const std::string& commit : {std::string(40, 'a'), std::string("HEAD")}) {
    const auto snapshot = snapshot_of_commit(tree_, commit, "main", store_);
    ASSERT_TRUE(snapshot) << commit;
    EXPECT_FALSE(snapshot.value()) << commit;
  }
}

TEST_F(SnapshotTest, LeavesTheRepositoryUntouchedToTheByte) {
  write("changed.txt", "new\n");
  write("untracked.txt", "fresh\n");
  const auto before = everything_in(tree_);
  taken(tree_);
  EXPECT_EQ(everything_in(tree_), before);
}

TEST_F(SnapshotTest, SeesAChangeOfTheSameSizeRightAfterAnAdd) {
  write("racy.txt", "one\n");
  git({"add", "racy.txt"});
  write("racy.txt", "two\n");
  taken(tree_);
  EXPECT_EQ(in_store("racy.txt"), "two");
}

TEST_F(SnapshotTest, KeepsExecutableFilesAndSymbolicLinks) {
  write("tool.sh", "#!/bin/sh\n");
  fs::permissions(tree_ / "tool.sh", fs::perms::owner_exec, fs::perm_options::add);
  fs::create_symlink("kept.txt", tree_ / "link");
  taken(tree_);
  EXPECT_EQ(git({"ls-tree", "HEAD", "tool.sh"}, store_).substr(0, 6), "100755");
  EXPECT_EQ(git({"ls-tree", "HEAD", "link"}, store_).substr(0, 6), "120000");
}

TEST_F(SnapshotTest, IsOfTheWholeTreeFromADirectoryInside) {
  write("folder/inside.txt", "x\n");
  taken(tree_ / "folder");
  EXPECT_EQ(in_store("folder/inside.txt"), "x");
  EXPECT_EQ(in_store("kept.txt"), "kept");
}

TEST_F(SnapshotTest, WorksBeforeTheFirstCommit) {
  const fs::path fresh = directory_ / "fresh";
  fs::create_directory(fresh);
  git({"init", "-q", "-b", "trunk"}, fresh);
  std::ofstream(fresh / "a.txt") << "a\n";
  const Snapshot snapshot = taken(fresh);
  EXPECT_EQ(in_store("a.txt"), "a");
  EXPECT_EQ(snapshot.branch, "trunk");
  EXPECT_EQ(snapshot.changed_files, 1u);
}

TEST_F(SnapshotTest, WorksOnADetachedHeadWithTagsAndALinkedWorkTree) {
  git({"tag", "-m", "one", "v1.0"});
  const fs::path linked = directory_ / "linked";
  git({"worktree", "add", "-q", "--detach", linked.string()});
  std::ofstream(linked / "kept.txt") << "from the linked tree\n";
  const Snapshot snapshot = taken(linked);
  EXPECT_EQ(snapshot.branch, "HEAD");
  EXPECT_EQ(in_store("kept.txt"), "from the linked tree");
  EXPECT_EQ(git({"describe", "HEAD~1"}, store_), "v1.0");
}

TEST_F(SnapshotTest, CanBeCloned) {
  write("changed.txt", "new\n");
  taken(tree_);
  git({"clone", "-q", store_.string(), (directory_ / "clone").string()}, directory_.path());
  EXPECT_EQ(files::read_file(directory_ / "clone/changed.txt").value(), "new\n");
}

TEST_F(SnapshotTest, RefusesADirectoryThatIsInNoRepository) {
  const auto snapshot = take_snapshot(directory_.path(), store_);
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().code(), Errc::NotFound);
  EXPECT_FALSE(fs::exists(store_));
  const auto of_commit = snapshot_of_commit(directory_.path(), std::string(40, 'a'), "b", store_);
  ASSERT_TRUE(of_commit);
  EXPECT_FALSE(of_commit.value());
}

TEST_F(SnapshotTest, RefusesABareRepository) {
  git({"init", "-q", "--bare", (directory_ / "bare").string()});
  const auto snapshot = take_snapshot(directory_ / "bare", store_);
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().code(), Errc::UserFault);
}

TEST_F(SnapshotTest, RefusesAnUnresolvedMerge) {
  git({"checkout", "-qb", "side"});
  write("changed.txt", "side\n");
  git({"commit", "-qam", "side"});
  git({"checkout", "-q", "main"});
  write("changed.txt", "main\n");
  git({"commit", "-qam", "main"});
  support::ProgramOptions options;
  options.directory = tree_;
  support::run_program(
      {"git", "-c", "user.name=T", "-c", "user.email=t@example.com", "merge", "side"}, options);
  const auto snapshot = take_snapshot(tree_, store_);
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().code(), Errc::Conflict);
}

}  // namespace
}  // namespace ostler::git
