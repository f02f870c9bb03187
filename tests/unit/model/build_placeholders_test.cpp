// SPDX-License-Identifier: Apache-2.0
#include "model/build_placeholders.hpp"

#include <gtest/gtest.h>

namespace ostler::model {
namespace {

const BuildId kId = *BuildId::parse("0192f1e7-5a1c-7000-8000-00000000000a");

TEST(BuildPlaceholders, BecomeWhatTheBuildHas) {
  const BuildPlaceholders build(kId, 42, "http://hub/o/p/builds/42");
  EXPECT_EQ(build.filled_in("#${BUILDKITE_BUILD_NUMBER} ${BUILDKITE_BUILD_NUMBER} "
                            "${BUILDKITE_BUILD_ID} ${BUILDKITE_BUILD_URL} ${OTHER}"),
            "#42 42 " + kId.str() + " http://hub/o/p/builds/42 ${OTHER}");
  EXPECT_EQ(BuildPlaceholders(kId, 1).filled_in("${BUILDKITE_BUILD_URL}"),
            "${BUILDKITE_BUILD_URL}");
}

TEST(BuildPlaceholders, AreFilledInWhereNobodyDoesItLater) {
  constexpr const char* kText = "a ${BUILDKITE_BUILD_NUMBER}";
  StepDefinition step;
  step.command = kText;
  step.env = {{"A", kText}};
  EXPECT_FALSE(BuildPlaceholders::has_any(step));
  step.label = kText;
  step.concurrency.emplace().group = kText;
  Trigger& trigger = step.trigger.emplace();
  trigger.message = kText;
  trigger.env = {{"A", kText}};
  EXPECT_TRUE(BuildPlaceholders::has_any(step));
  BuildPlaceholders(kId, 7).fill_in(step);
  EXPECT_EQ(step.label, "a 7");
  EXPECT_EQ(step.concurrency->group, "a 7");
  EXPECT_EQ(step.trigger->message, "a 7");
  EXPECT_EQ(step.trigger->env, (Variables{{"A", "a 7"}}));
  EXPECT_EQ(step.command, kText) << "the shell reads it";
  EXPECT_EQ(step.env, (Variables{{"A", kText}})) << "each job has it filled in";
  EXPECT_FALSE(BuildPlaceholders::has_any(step));
}

}  // namespace
}  // namespace ostler::model
