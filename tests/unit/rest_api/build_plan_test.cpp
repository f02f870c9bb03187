// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/build_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::rest_api {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Pair;
using testing::StartsWith;

class BuildPlan : public testing::Test {
 protected:
  Result<pipeline::Plan> plan(std::string configuration) {
    pipeline_.settings.configuration = std::move(configuration);
    return plan_build({.organization = organization_,
                       .pipeline = pipeline_,
                       .request = request_,
                       .creator = creator_,
                       .public_url = public_url_});
  }

  model::Organization organization_{.id = {}, .slug = "ostler", .name = "Ostler", .created_at = {}};
  model::Pipeline pipeline_;
  model::BuildRequest request_;
  model::User creator_;
  std::string public_url_ = "http://hub";
};

TEST_F(BuildPlan, InterpolatesWithTheBuildAndItsEnvironment) {
  request_.branch = "topic";
  request_.env = {{"TARGET", "all"}};
  const auto made = plan("steps:\n  - command: make $TARGET ${BUILDKITE_BRANCH}\n");
  ASSERT_TRUE(made) << made.error().message();
  EXPECT_EQ(made.value().steps.at(0).definition.command, "make all topic");
}

TEST_F(BuildPlan, RefusesBuildsOfTooManyJobs) {
  EXPECT_TRUE(plan("steps: [{command: a, parallelism: 3999}, wait]"));
  const auto refused = plan("steps: [{command: a, parallelism: 4000}, wait]");
  EXPECT_EQ(refused.error().code(), Errc::UserFault);
  EXPECT_THAT(refused.error().message(),
              AllOf(StartsWith("pipeline.yml:"), HasSubstr("would have 4001 jobs, more than 4000"),
                    HasSubstr("\n      ")));
}

TEST_F(BuildPlan, LeavesTheBuildsNumberToTheShell) {
  const auto made = plan("steps:\n  - command: echo ${BUILDKITE_BUILD_NUMBER}\n");
  ASSERT_TRUE(made) << made.error().message();
  EXPECT_EQ(made.value().steps.at(0).definition.command, "echo ${BUILDKITE_BUILD_NUMBER}");
}

TEST_F(BuildPlan, PutsThePipelinesSettingsBelowItsConfiguration) {
  pipeline_.settings.env = {{"A", "settings"}, {"B", "settings"}};
  const auto made = plan("env:\n  A: yaml\nsteps:\n  - command: make\n");
  ASSERT_TRUE(made) << made.error().message();
  EXPECT_THAT(made.value().env,
              testing::UnorderedElementsAre(Pair("A", "yaml"), Pair("B", "settings")));
}

TEST_F(BuildPlan, LimitsTheTimeOfSteps) {
  pipeline_.settings.default_command_step_timeout = 10;
  pipeline_.settings.maximum_command_step_timeout = 20;
  const auto made = plan(
      "steps:\n  - command: a\n  - wait\n  - command: b\n    timeout_in_minutes: 30\n"
      "  - command: c\n    timeout_in_minutes: 15\n");
  ASSERT_TRUE(made) << made.error().message();
  std::vector<std::optional<int>> minutes;
  for (const auto& step : made.value().steps) {
    minutes.push_back(step.definition.timeout_in_minutes);
  }
  EXPECT_THAT(minutes, testing::ElementsAre(10, std::nullopt, 20, 15));
}

TEST_F(BuildPlan, SaysWhatIsWrongAndWhere) {
  const auto made = plan("steps:\n  - command: a\n  - {comand: b}\n");
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message(), HasSubstr(":3:"));
  EXPECT_THAT(made.error().message(), HasSubstr("unknown key \"comand\" in step 2"));
}

}  // namespace
}  // namespace ostler::rest_api
