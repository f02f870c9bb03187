// SPDX-License-Identifier: Apache-2.0
#include "checkout/wanted.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::checkout {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kId(40, 'a');

Settings settings_of(const std::string& commit, const std::string& branch) {
  Settings settings;
  settings.commit = commit;
  settings.branch = branch;
  return settings;
}

TEST(Wanted, IsTheTipOfTheBranchForHead) {
  const auto wanted = wanted_of(settings_of("HEAD", "main"));
  ASSERT_TRUE(wanted);
  EXPECT_EQ(wanted.value().revision, "refs/heads/main");
  EXPECT_EQ(wanted.value().fetch_head, "refs/heads/main");
  EXPECT_TRUE(wanted.value().fresh);
}

TEST(Wanted, IsTheTagForHeadOfATagBuild) {
  Settings settings = settings_of("HEAD", "v1");
  settings.tag = "v1";
  EXPECT_EQ(wanted_of(settings).value().revision, "refs/tags/v1");
}

TEST(Wanted, IsTheRemotesOwnHeadWithoutABranch) {
  EXPECT_EQ(wanted_of(settings_of("HEAD", "")).value().revision, "HEAD");
}

TEST(Wanted, IsTheCommitAndFreshOnlyWhenItIsVerified) {
  Settings settings = settings_of(kId, "main");
  EXPECT_EQ(wanted_of(settings).value().revision, kId);
  EXPECT_TRUE(wanted_of(settings).value().fresh);
  settings.verify_commit = false;
  EXPECT_FALSE(wanted_of(settings).value().fresh);
}

TEST(Wanted, NamesTheReferenceOfAPullRequest) {
  Settings settings = settings_of(kId, "main");
  settings.pull_request = PullRequest{"7", false};
  EXPECT_THAT(wanted_of(settings).value().references, ElementsAre("refs/pull/7/head"));
  EXPECT_EQ(wanted_of(settings).value().revision, kId);
  settings.commit = "HEAD";
  settings.pull_request->merge = true;
  EXPECT_EQ(wanted_of(settings).value().revision, "refs/pull/7/merge");
}

TEST(Wanted, TakesTheSourcesOfCustomRefspecsBeforeAnythingElse) {
  Settings settings = settings_of("HEAD", "main");
  settings.refspecs = {"+refs/changes/1:refs/remotes/origin/c", "refs/notes/x"};
  settings.pull_request = PullRequest{"7", false};
  const auto wanted = wanted_of(settings);
  EXPECT_EQ(wanted.value().revision, "refs/changes/1");
  EXPECT_THAT(wanted.value().references, ElementsAre("refs/changes/1", "refs/notes/x"));
}

TEST(Wanted, RefusesHeadOfAPattern) {
  Settings settings = settings_of("HEAD", "main");
  settings.refspecs = {"+refs/heads/*:refs/remotes/origin/*"};
  EXPECT_FALSE(wanted_of(settings));
}

TEST(Verification, IsSkippedForTheReasonsThatTheLogNames) {
  Settings settings = settings_of(kId, "main");
  EXPECT_THAT(reason_not_to_verify(settings), IsEmpty());
  settings.refspecs = {"refs/x"};
  EXPECT_EQ(reason_not_to_verify(settings), "custom refspec is set (refs/x)");
  settings.pull_request = PullRequest{"3", false};
  EXPECT_EQ(reason_not_to_verify(settings), "pull request build (#3)");
  settings.tag = "v1";
  EXPECT_EQ(reason_not_to_verify(settings), "tag build (v1)");
  settings.branch.clear();
  EXPECT_EQ(reason_not_to_verify(settings), "no branch specified");
  settings.commit = "HEAD";
  EXPECT_EQ(reason_not_to_verify(settings), "commit is HEAD");
  settings.verify_commit = false;
  EXPECT_EQ(reason_not_to_verify(settings), "mode is off");
}

}  // namespace
}  // namespace ostler::checkout
