// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>

#include "base/unique_fd.hpp"
#include "integration/checkout/checkout_fixture.hpp"

namespace ostler {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

TEST_F(CheckoutTest, MakesAnOrdinaryRepositoryAtTheTipOfTheBranch) {
  git({"tag", "-a", "v1", "-m", "tagged"});
  git({"branch", "other"});
  const std::string tip = git({"rev-parse", "HEAD"});
  const Outcome outcome = check_out();
  ASSERT_EQ(outcome.code, 0) << outcome.log;
  EXPECT_EQ(outcome.commit, tip);
  EXPECT_EQ(outcome.mirror, (mirrors_ / fs::path(outcome.mirror).filename()).string());
  expect_sound(tip);
  EXPECT_EQ(read(tree_ / "link"), "one\n");
  EXPECT_EQ(git({"remote", "get-url", "origin"}, tree_), source_.string());
  EXPECT_EQ(read(tree_ / ".git/FETCH_HEAD"),
            tip + "\t\tbranch 'main' of " + source_.string() + "\n");
  EXPECT_EQ(git({"for-each-ref", "--format=%(refname)"}, tree_),
            "refs/remotes/origin/HEAD\nrefs/remotes/origin/main\nrefs/remotes/origin/other\n"
            "refs/tags/v1");
  EXPECT_EQ(git({"describe"}, tree_), "v1");
  EXPECT_EQ(git({"log", "-1", "--format=%s"}, tree_), "First words");
}

TEST_F(CheckoutTest, TellsItsWorkInTheLog) {
  const Outcome outcome = check_out();
  EXPECT_THAT(outcome.log, HasSubstr("~~~ Preparing working directory\n"));
  EXPECT_THAT(outcome.log, HasSubstr("cd " + tree_.string() + "\n"));
  EXPECT_THAT(outcome.log, HasSubstr("# Skipping commit verification: commit is HEAD"));
  EXPECT_THAT(outcome.log,
              HasSubstr("# Updating BUILDKITE_COMMIT from \"HEAD\" to \"" + outcome.commit + "\""));
}

/// They take longer to read than such a checkout takes.
TEST_F(CheckoutTest, ReadsNoNamedAuthoritiesForARepositoryOfThisMachine) {
  const fs::path authorities = root_ / "authorities.pem";
  write(authorities, "");
  const UniqueFd opened(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  ASSERT_GE(::inotify_add_watch(opened.get(), authorities.c_str(), IN_OPEN), 0);
  ASSERT_EQ(check_out({{"SSL_CERT_FILE", authorities.string()}, {"GIT_SSL_CAINFO", ""}}).code, 0);
  char event[4096];
  EXPECT_EQ(::read(opened.get(), event, sizeof event), -1);
}

TEST_F(CheckoutTest, BorrowsItsObjectsFromTheMirror) {
  ASSERT_EQ(check_out().code, 0);
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(tree_ / ".git/objects")) {
    if (entry.is_regular_file()) files.push_back(entry.path().filename().string());
  }
  EXPECT_EQ(files, std::vector<std::string>{"alternates"});
}

TEST_F(CheckoutTest, TakesFullAndAbbreviatedCommitsAndTags) {
  const std::string first = git({"rev-parse", "HEAD"});
  git({"tag", "v1"});
  write(source_ / "a.txt", "two\n");
  commit("Second");
  const Outcome full = check_out({{"BUILDKITE_COMMIT", first}});
  ASSERT_EQ(full.code, 0) << full.log;
  EXPECT_THAT(full.log, HasSubstr("# Verifying commit \"" + first + "\" is on branch \"main\""));
  EXPECT_THAT(full.log, Not(HasSubstr("Updating BUILDKITE_COMMIT")));
  expect_sound(first);
  EXPECT_EQ(check_out({{"BUILDKITE_COMMIT", first.substr(0, 8)}}).commit, first);
  EXPECT_EQ(check_out({{"BUILDKITE_COMMIT", "v1"}}).commit, first);
  EXPECT_EQ(check_out({{"BUILDKITE_BRANCH", "v1"}, {"BUILDKITE_TAG", "v1"}}).commit, first);
  EXPECT_EQ(read(tree_ / "a.txt"), "one\n");
}

TEST_F(CheckoutTest, TakesAFileUrl) {
  const Outcome outcome = check_out({{"BUILDKITE_REPO", "file://" + source_.string()}});
  ASSERT_EQ(outcome.code, 0) << outcome.log;
  EXPECT_EQ(git({"remote", "get-url", "origin"}, tree_), "file://" + source_.string());
}

TEST_F(CheckoutTest, RefusesACommitOfAnotherBranch) {
  git({"checkout", "-q", "-b", "other"});
  const std::string other = commit("Other");
  const Outcome outcome = check_out({{"BUILDKITE_COMMIT", other}});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.log, HasSubstr("Error: commit verification failed: commit \"" + other +
                                     "\" is not on branch \"main\""));
  EXPECT_THAT(outcome.log, Not(HasSubstr("Checkout failed!")));
  const Outcome off =
      check_out({{"BUILDKITE_COMMIT", other}, {"BUILDKITE_GIT_COMMIT_VERIFICATION", "off"}});
  EXPECT_EQ(off.commit, other);
}

TEST_F(CheckoutTest, RefusesACommitThatIsNoLongerOnItsBranch) {
  const std::string first = git({"rev-parse", "HEAD"});
  const std::string second = commit("Second");
  ASSERT_EQ(check_out({{"BUILDKITE_COMMIT", second}}).code, 0);
  git({"reset", "-q", "--hard", first});
  EXPECT_EQ(check_out({{"BUILDKITE_COMMIT", second}}).code, 1);
}

TEST_F(CheckoutTest, WarnsWhenTheBranchIsGone) {
  const std::string tip = git({"rev-parse", "HEAD"});
  const Outcome outcome = check_out({{"BUILDKITE_COMMIT", tip}, {"BUILDKITE_BRANCH", "gone"}});
  EXPECT_EQ(outcome.commit, tip);
  EXPECT_THAT(outcome.log, HasSubstr("commit verification unavailable"));
}

TEST_F(CheckoutTest, FetchesACommitThatNoBranchLeadsTo) {
  const std::string first = git({"rev-parse", "HEAD"});
  write(source_ / "a.txt", "lost\n");
  const std::string lost = commit("Lost");
  git({"reset", "-q", "--hard", first});
  ASSERT_EQ(check_out().code, 0);
  const Outcome outcome =
      check_out({{"BUILDKITE_COMMIT", lost}, {"BUILDKITE_GIT_COMMIT_VERIFICATION", "off"}});
  ASSERT_EQ(outcome.code, 0) << outcome.log;
  expect_sound(lost);
  EXPECT_EQ(read(tree_ / "a.txt"), "lost\n");
}

TEST_F(CheckoutTest, FetchesPullRequestsAndCustomRefspecs) {
  const std::string first = git({"rev-parse", "HEAD"});
  git({"checkout", "-q", "--detach"});
  const std::string pull = commit("Pulled");
  git({"update-ref", "refs/pull/7/head", pull});
  git({"checkout", "-q", "main"});
  EXPECT_EQ(check_out({{"BUILDKITE_PULL_REQUEST", "7"},
                       {"BUILDKITE_PIPELINE_PROVIDER", "github"},
                       {"BUILDKITE_BRANCH", "fork:x"}})
                .commit,
            pull);
  const Outcome custom =
      check_out({{"BUILDKITE_REFSPEC", "+refs/pull/7/head:refs/remotes/origin/pull main"}});
  ASSERT_EQ(custom.code, 0) << custom.log;
  EXPECT_EQ(custom.commit, pull);
  EXPECT_EQ(git({"rev-parse", "refs/remotes/origin/pull"}, tree_), pull);
  EXPECT_EQ(check_out().commit, first);
}

TEST_F(CheckoutTest, SaysAtOnceWhatDoesNotExist) {
  const std::string nothing(40, '1');
  const auto begun = std::chrono::steady_clock::now();
  const Outcome repository = check_out({{"BUILDKITE_REPO", (root_ / "nope").string()}});
  const Outcome commit = check_out({{"BUILDKITE_COMMIT", nothing}});
  const Outcome branch = check_out({{"BUILDKITE_BRANCH", "nope"}});
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(60));
  for (const Outcome& outcome : {repository, commit, branch}) {
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.log, HasSubstr("Error: "));
    EXPECT_THAT(outcome.log, HasSubstr("check the pipeline's repository"));
    EXPECT_THAT(outcome.log, Not(HasSubstr("Checkout failed!")));
    EXPECT_EQ(outcome.commit, "");
  }
  EXPECT_THAT(repository.log, HasSubstr((root_ / "nope").string()));
  EXPECT_THAT(commit.log, HasSubstr(nothing));
  EXPECT_THAT(branch.log, HasSubstr("refs/heads/nope"));
}

TEST_F(CheckoutTest, RefusesSubmodulesUnlessTheyAreSwitchedOff) {
  write(source_ / ".gitmodules", "[submodule \"x\"]\n\tpath = x\n\turl = /x\n");
  commit("Submodule");
  const Outcome on = check_out();
  EXPECT_EQ(on.code, 1);
  EXPECT_THAT(on.log, HasSubstr("git-submodules"));
  const Outcome off = check_out({{"BUILDKITE_GIT_SUBMODULES", "false"}});
  EXPECT_EQ(off.code, 0);
  EXPECT_THAT(off.log, HasSubstr("This repository has submodules, but submodules are disabled"));
}

TEST_F(CheckoutTest, ChecksOutAnEmptyCommitAndOddNames) {
  write(source_ / "with space/ü\n.txt", "x");
  const std::string odd = commit("Odd");
  EXPECT_EQ(check_out().commit, odd);
  expect_sound(odd);
  git({"rm", "-rq", "."});
  const std::string empty = commit("Empty");
  EXPECT_EQ(check_out().commit, empty);
  expect_sound(empty);
}

}  // namespace
}  // namespace ostler
