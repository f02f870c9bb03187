// SPDX-License-Identifier: Apache-2.0
#include "checkout/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::checkout {
namespace {

using environment::Variables;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Variables job(const Variables& more = {}) {
  Variables variables{{"BUILDKITE_REPO", "https://h/r.git"},
                      {"BUILDKITE_COMMIT", "HEAD"},
                      {"BUILDKITE_BRANCH", "main"},
                      {"BUILDKITE_BUILD_PATH", "/builds"},
                      {"BUILDKITE_AGENT_NAME", "My \"Agent\""},
                      {"BUILDKITE_ORGANIZATION_SLUG", "org"},
                      {"BUILDKITE_PIPELINE_SLUG", "pipe"},
                      {"HOME", "/home/ci"}};
  for (const auto& [name, value] : more) variables[name] = value;
  return variables;
}

std::string error_of(const Variables& more) {
  const auto settings = read_settings(job(more));
  if (settings) return "no error";
  EXPECT_EQ(settings.error().code(), Errc::UserFault);
  return settings.error().message();
}

TEST(Settings, PlacesTheCheckoutBeneathTheBuildPath) {
  const auto settings = read_settings(job());
  ASSERT_TRUE(settings) << settings.error().message();
  EXPECT_EQ(settings.value().directory, "/builds/My--Agent-/org/pipe");
  EXPECT_EQ(settings.value().mirrors, "/builds/.git-mirrors");
}

TEST(Settings, TakesTheDirectoriesThatTheJobNames) {
  const auto settings = read_settings(job(
      {{"BUILDKITE_BUILD_CHECKOUT_PATH", "/x/y/"}, {"BUILDKITE_GIT_MIRRORS_PATH", "/mirrors"}}));
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings.value().directory, "/x/y");
  EXPECT_EQ(settings.value().mirrors, "/mirrors");
}

TEST(Settings, RefuseADirectoryWhoseCleaningWouldHurt) {
  for (const char* path : {"/", "/home", "/home/ci", "/builds", "/home/ci/../ci"}) {
    EXPECT_THAT(error_of({{"BUILDKITE_BUILD_CHECKOUT_PATH", path}}), HasSubstr("would remove"))
        << path;
  }
  EXPECT_THAT(error_of({{"BUILDKITE_PIPELINE_SLUG", ".."}}), HasSubstr("BUILDKITE_PIPELINE_SLUG"));
  EXPECT_THAT(error_of({{"BUILDKITE_BUILD_PATH", ""}}), HasSubstr("BUILDKITE_BUILD_CHECKOUT_PATH"));
}

TEST(Settings, RefuseWhatIsNotSupportedByName) {
  EXPECT_THAT(error_of({{"BUILDKITE_REPO", ""}}), HasSubstr("BUILDKITE_REPO is empty"));
  EXPECT_THAT(error_of({{"BUILDKITE_REPO", "ssh://-oProxyCommand=x/r"}}), HasSubstr("option"));
  EXPECT_THAT(error_of({{"BUILDKITE_REPO", "git://h/r"}}), HasSubstr("git://h/r"));
  EXPECT_THAT(error_of({{"BUILDKITE_GIT_LFS_ENABLED", "true"}}), HasSubstr("large file storage"));
  EXPECT_THAT(error_of({{"BUILDKITE_GIT_COMMIT_VERIFICATION", "maybe"}}), HasSubstr("maybe"));
  EXPECT_THAT(error_of({{"BUILDKITE_CHECKOUT_ATTEMPTS", "6x"}}), HasSubstr("6x"));
  EXPECT_THAT(error_of({{"BUILDKITE_CLEAN_CHECKOUT", "yes"}}), HasSubstr("BUILDKITE_CLEAN"));
}

TEST(Settings, RefuseACommitThatIsNoRevision) {
  for (const char* commit : {"a..b", "-x", "a b", "a~1", "a^", "a:b", "@", "a.", "a\\b", "a\nb"}) {
    EXPECT_THAT(error_of({{"BUILDKITE_COMMIT", commit}}),
                HasSubstr("is not a valid git ref format"));
  }
}

TEST(Settings, ReachGithubOverHttpsWhereTheServerHasTheToken) {
  const std::string over_ssh = "git@github.com:acme/app.git";
  const auto repository = [&](const Variables& more) {
    Variables all{{"BUILDKITE_REPO", over_ssh}};
    all.insert(more.begin(), more.end());
    return read_settings(job(all)).value().repository;
  };
  EXPECT_EQ(repository({}), over_ssh);
  for (const char* name : {"BUILDKITE_USE_REPOSITORY_PROVIDER_GIT_CREDENTIALS",
                           "BUILDKITE_USE_GITHUB_APP_GIT_CREDENTIALS"}) {
    EXPECT_EQ(repository({{name, "true"}}), "https://github.com/acme/app.git");
    EXPECT_EQ(repository({{name, "false"}}), over_ssh);
    EXPECT_TRUE(read_settings(job({{name, "true"}})).value().warnings.empty());
  }
}

TEST(Settings, WarnOfEachSettingWithoutEffect) {
  const auto usual = read_settings(job({{"BUILDKITE_GIT_CLONE_FLAGS", "-v"},
                                        {"BUILDKITE_GIT_FETCH_FLAGS", "-v --prune"},
                                        {"BUILDKITE_GIT_CLEAN_FLAGS", "-ffxdq"}}));
  EXPECT_THAT(usual.value().warnings, IsEmpty());
  const auto other = read_settings(job({{"BUILDKITE_GIT_CLONE_FLAGS", "--depth=1"},
                                        {"BUILDKITE_GIT_SPARSE_CHECKOUT_PATHS", "a,b"}}));
  EXPECT_THAT(other.value().warnings,
              ElementsAre(HasSubstr("BUILDKITE_GIT_CLONE_FLAGS=\"--depth=1\""),
                          HasSubstr("BUILDKITE_GIT_SPARSE_CHECKOUT_PATHS")));
}

TEST(Settings, ReadTheLettersOfTheCleanFlags) {
  const auto clean = [](const char* flags) {
    return read_settings(job({{"BUILDKITE_GIT_CLEAN_FLAGS", flags}})).value();
  };
  EXPECT_FALSE(clean("-ffdq").clean.ignored);
  EXPECT_TRUE(clean("-ffdq").clean.nested_repositories);
  EXPECT_FALSE(clean("-f -x").clean.directories);
  EXPECT_FALSE(clean("-f -x").clean.nested_repositories);
  EXPECT_THAT(clean("-ffxdq -e keep").warnings, ElementsAre(HasSubstr("-e keep")));
  EXPECT_TRUE(clean("-ffxdq -e keep").clean.ignored);
}

TEST(Settings, KnowAPullRequestOnlyWhereItHasReferences) {
  EXPECT_FALSE(read_settings(job({{"BUILDKITE_PULL_REQUEST", "false"},
                                  {"BUILDKITE_PIPELINE_PROVIDER", "github"}}))
                   .value()
                   .pull_request);
  EXPECT_FALSE(read_settings(job({{"BUILDKITE_PULL_REQUEST", "7"}})).value().pull_request);
  const auto pull = read_settings(job({{"BUILDKITE_PULL_REQUEST", "7"},
                                       {"BUILDKITE_PIPELINE_PROVIDER", "github_enterprise"},
                                       {"BUILDKITE_PULL_REQUEST_USING_MERGE_REFSPEC", "true"}}));
  ASSERT_TRUE(pull.value().pull_request);
  EXPECT_TRUE(pull.value().pull_request->merge);
}

}  // namespace
}  // namespace ostler::checkout
