// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "integration/checkout/checkout_fixture.hpp"

namespace ostler {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class ReuseTest : public CheckoutTest {
 protected:
  ReuseTest() { EXPECT_EQ(check_out().code, 0); }

  // Checks out again and expects to find what was committed, in the same repository.
  void expect_recovers(bool same_repository = true) {
    write(tree_ / ".git/marker", "");
    const Outcome outcome = check_out();
    ASSERT_EQ(outcome.code, 0) << outcome.log;
    EXPECT_THAT(outcome.log, Not(HasSubstr("Checkout failed!")));
    expect_sound(git({"rev-parse", "HEAD"}));
    EXPECT_EQ(read(tree_ / "a.txt"), "one\n");
    EXPECT_EQ(fs::exists(tree_ / ".git/marker"), same_repository);
  }
};

TEST_F(ReuseTest, KeepsFilesThatDidNotChange) {
  struct stat before{};
  struct stat after{};
  ASSERT_EQ(::stat((tree_ / "a.txt").c_str(), &before), 0);
  write(source_ / "new.txt", "new\n");
  const std::string next = commit("Next");
  EXPECT_EQ(check_out().commit, next);
  ASSERT_EQ(::stat((tree_ / "a.txt").c_str(), &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino);
  EXPECT_EQ(before.st_ctim.tv_nsec, after.st_ctim.tv_nsec);
  EXPECT_EQ(read(tree_ / "new.txt"), "new\n");
  expect_sound(next);
}

TEST_F(ReuseTest, FollowsReferences) {
  git({"branch", "a"});
  ASSERT_EQ(check_out().code, 0);
  git({"branch", "-D", "a"});
  git({"branch", "a/b"});
  git({"tag", "v1"});
  const Outcome outcome = check_out();
  ASSERT_EQ(outcome.code, 0) << outcome.log;
  EXPECT_EQ(git({"for-each-ref", "--format=%(refname)"}, tree_),
            "refs/remotes/origin/HEAD\nrefs/remotes/origin/a/b\nrefs/remotes/origin/main\n"
            "refs/tags/v1");
}

TEST_F(ReuseTest, UndoesWhateverAJobDidToFiles) {
  write(tree_ / "a.txt", "changed\n");
  fs::permissions(tree_ / "run.sh", fs::perms(0644));
  fs::remove(tree_ / "link");
  fs::remove_all(tree_ / "sub");
  fs::create_directory_symlink("/etc", tree_ / "sub");
  write(tree_ / "new/deep/file", "x");
  write(tree_ / ".gitignore", "ignored\n");
  write(tree_ / "ignored", "x");
  fs::create_directory(tree_ / "empty");
  fs::create_directory(tree_ / "locked");
  write(tree_ / "locked/file", "x");
  fs::permissions(tree_ / "locked", fs::perms(0500));
  expect_recovers();
  EXPECT_TRUE(fs::is_regular_file(tree_ / "sub/b.txt"));
  EXPECT_FALSE(fs::exists(tree_ / "new"));
  EXPECT_FALSE(fs::exists(tree_ / "ignored"));
  EXPECT_FALSE(fs::exists(tree_ / "empty"));
  EXPECT_FALSE(fs::exists(tree_ / "locked"));
}

TEST_F(ReuseTest, UndoesWhateverAJobDidWithGit) {
  git({"checkout", "-q", "-b", "own"}, tree_);
  write(tree_ / "a.txt", "own\n");
  write(tree_ / "staged", "x");
  git({"add", "-A"}, tree_);
  git({"commit", "-qm", "Own"}, tree_);
  write(tree_ / "staged too", "x");
  git({"add", "-A"}, tree_);
  git({"init", "-q", "nested/repository"}, tree_);
  expect_recovers();
  EXPECT_FALSE(fs::exists(tree_ / "nested"));
  EXPECT_FALSE(fs::exists(tree_ / "staged too"));
}

TEST_F(ReuseTest, KeepsIgnoredFilesWhenTheCleanFlagsSaySo) {
  write(source_ / ".gitignore", "cache/\n");
  commit("Ignore");
  ASSERT_EQ(check_out().code, 0);
  write(tree_ / "cache/kept", "x");
  write(tree_ / "junk/file", "x");
  ASSERT_EQ(check_out({{"BUILDKITE_GIT_CLEAN_FLAGS", "-ffdq"}}).code, 0);
  EXPECT_TRUE(fs::exists(tree_ / "cache/kept"));
  EXPECT_FALSE(fs::exists(tree_ / "junk"));
}

TEST_F(ReuseTest, IsNotHeldUpByLeftOverLocks) {
  for (const char* lock : {"index.lock", "HEAD.lock", "config.lock", "packed-refs.lock",
                           "shallow.lock", "refs/remotes/origin/main.lock"}) {
    write(tree_ / ".git" / lock, "");
  }
  expect_recovers();
  EXPECT_FALSE(fs::exists(tree_ / ".git/index.lock"));
}

TEST_F(ReuseTest, PutsABrokenIndexAside) {
  write(tree_ / ".git/index", "garbage");
  expect_recovers();
  fs::remove(tree_ / ".git/index");
  expect_recovers();
}

TEST_F(ReuseTest, MakesABrokenRepositoryAnew) {
  fs::remove_all(tree_ / ".git/refs");
  expect_recovers(false);
  fs::remove(tree_ / ".git/HEAD");
  expect_recovers(false);
  fs::remove_all(tree_ / ".git");
  write(tree_ / ".git", "gitdir: /elsewhere\n");
  const Outcome outcome = check_out();
  EXPECT_EQ(outcome.code, 0) << outcome.log;
  expect_sound(git({"rev-parse", "HEAD"}));
}

TEST_F(ReuseTest, NeverCleansAnotherDirectory) {
  write(root_ / "precious/file", "x");
  git({"config", "core.worktree", (root_ / "precious").string()}, tree_);
  const Outcome outcome = check_out();
  EXPECT_EQ(outcome.code, 0) << outcome.log;
  EXPECT_EQ(read(root_ / "precious/file"), "x");
  expect_sound(git({"rev-parse", "HEAD"}));
}

TEST_F(ReuseTest, SurvivesAMirrorThatWasRemoved) {
  fs::remove_all(mirrors_);
  expect_recovers();
}

TEST_F(ReuseTest, SurvivesAMirrorWithoutItsObjects) {
  for (const auto& entry : fs::directory_iterator(mirrors_)) {
    if (entry.is_directory()) fs::remove_all(entry.path() / "objects/pack");
  }
  const Outcome outcome = check_out({{"BUILDKITE_COMMIT", git({"rev-parse", "HEAD"})}});
  EXPECT_EQ(outcome.code, 0) << outcome.log;
  expect_sound(git({"rev-parse", "HEAD"}));
}

TEST_F(ReuseTest, TakesOverAnotherRepository) {
  const fs::path other = root_ / "other";
  git({"clone", "-q", source_.string(), other.string()});
  git({"commit", "-q", "--allow-empty", "-m", "Theirs"}, other);
  const Outcome outcome = check_out({{"BUILDKITE_REPO", other.string()}});
  ASSERT_EQ(outcome.code, 0) << outcome.log;
  expect_sound(git({"rev-parse", "HEAD"}, other));
  EXPECT_EQ(git({"remote", "get-url", "origin"}, tree_), other.string());
}

TEST_F(ReuseTest, BeginsAnewWhenToldTo) {
  write(tree_ / ".git/marker", "");
  const Outcome outcome = check_out({{"BUILDKITE_CLEAN_CHECKOUT", "true"}});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.log, HasSubstr("~~~ Cleaning pipeline checkout"));
  EXPECT_FALSE(fs::exists(tree_ / ".git/marker"));
}

}  // namespace
}  // namespace ostler
