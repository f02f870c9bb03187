// SPDX-License-Identifier: Apache-2.0
#include "pipeline/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "pipeline/parse.hpp"

namespace ostler::pipeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Result<Plan> planned(std::string_view yaml) {
  auto definition = parse(yaml, {}, "p.yml");
  if (!definition) return definition.error();
  return plan(std::move(definition).value(), "p.yml");
}

std::vector<Edge> edges(const Result<Plan>& plan, std::size_t step) {
  return plan.value().steps.at(step).dependencies;
}

TEST(Plan, LetsStepsWithoutAWaitRunAtOnce) {
  const auto plan = planned("[command: a, command: b]");
  EXPECT_THAT(edges(plan, 0), IsEmpty());
  EXPECT_THAT(edges(plan, 1), IsEmpty());
}

TEST(Plan, HoldsWhatComesAfterAWait) {
  const auto plan = planned("[command: a, command: b, wait, command: c, wait, command: d]");
  EXPECT_THAT(edges(plan, 2), ElementsAre(Edge{0}, Edge{1}));
  EXPECT_THAT(edges(plan, 3), ElementsAre(Edge{2}));
  EXPECT_THAT(edges(plan, 4), ElementsAre(Edge{2}, Edge{3}));
  EXPECT_THAT(edges(plan, 5), ElementsAre(Edge{4}));
}

TEST(Plan, LetsDependsOnReplaceTheWait) {
  const auto plan = planned(
      "- {command: a, key: a}\n- wait\n- {command: b, depends_on: a}\n"
      "- {command: c, depends_on: ~}\n- {command: d, depends_on: []}\n");
  EXPECT_THAT(edges(plan, 2), ElementsAre(Edge{0}));
  EXPECT_THAT(edges(plan, 3), IsEmpty());
  EXPECT_THAT(edges(plan, 4), IsEmpty());
}

TEST(Plan, LetsAStepDependOnALaterOne) {
  const auto plan = planned("- {command: a, depends_on: b}\n- {command: b, key: b}\n");
  EXPECT_THAT(edges(plan, 0), ElementsAre(Edge{1}));
}

TEST(Plan, MakesAWaitWithDependsOnWaitForThoseAlone) {
  const auto plan = planned(
      "- {command: a, key: a}\n- command: b\n- {wait: ~, depends_on: a}\n- command: c\n"
      "- wait\n- command: d\n");
  EXPECT_THAT(edges(plan, 2), ElementsAre(Edge{0}));
  EXPECT_THAT(edges(plan, 3), ElementsAre(Edge{2}));
  EXPECT_THAT(edges(plan, 4), ElementsAre(Edge{0}, Edge{1}, Edge{2}, Edge{3}));
}

TEST(Plan, HoldsWhatComesAfterABlock) {
  const auto plan = planned("[command: a, command: b, block: x, command: c, block: y]");
  EXPECT_THAT(edges(plan, 2), ElementsAre(Edge{0}, Edge{1}));
  EXPECT_THAT(edges(plan, 3), ElementsAre(Edge{2}));
  EXPECT_THAT(edges(plan, 4), ElementsAre(Edge{2}, Edge{3}));
}

TEST(Plan, LetsABlockWithDependsOnWaitForThoseAloneAndStandForNoOther) {
  const auto plan = planned(
      "- {command: a, key: a}\n- block: x\n- {block: y, depends_on: a}\n- command: c\n"
      "- wait\n- command: d\n");
  EXPECT_THAT(edges(plan, 2), ElementsAre(Edge{0})) << "not for the block before it";
  EXPECT_THAT(edges(plan, 3), ElementsAre(Edge{1}, Edge{2}));
  EXPECT_THAT(edges(plan, 4), ElementsAre(Edge{1}, Edge{2}, Edge{3}));
  EXPECT_THAT(edges(plan, 5), ElementsAre(Edge{4}));
}

TEST(Plan, LetsABlockTakeThePlaceOfTheWaitsBesideIt) {
  const auto plan = planned(
      "- command: a\n- {wait: ~, continue_on_failure: true}\n- block: x\n"
      "- {wait: ~, continue_on_failure: true}\n- command: b\n");
  EXPECT_THAT(edges(plan, 2), ElementsAre(Edge{0}, Edge{1})) << "a failure of a closes it";
  EXPECT_THAT(edges(plan, 3), ElementsAre(Edge{2})) << "which no wait behind it passes over";
  EXPECT_THAT(edges(plan, 4), ElementsAre(Edge{3}));
}

TEST(Plan, LetsABlockThatIsNotToRunHoldNothingUp) {
  auto definition = parse("[command: a, block: x, command: b]", {}, "p.yml").value();
  definition.steps[1].skip = "";
  EXPECT_THAT(edges(plan(std::move(definition)), 2), IsEmpty());
}

TEST(Plan, LeavesAnInputAlone) {
  const auto plan = planned(
      "- {command: a, key: a}\n- input: x\n- {input: y, key: y, depends_on: a}\n- wait\n"
      "- command: b\n- block\n- {command: c, depends_on: y}\n");
  EXPECT_THAT(edges(plan, 1), IsEmpty());
  EXPECT_THAT(edges(plan, 2), ElementsAre(Edge{0}));
  EXPECT_THAT(edges(plan, 3), ElementsAre(Edge{0}));
  EXPECT_THAT(edges(plan, 5), ElementsAre(Edge{3}, Edge{4}));
  EXPECT_THAT(edges(plan, 6), ElementsAre(Edge{2}));
}

TEST(Plan, RefusesMoreDependenciesThanAStoreShouldHold) {
  std::string yaml = "- {command: a, key: a}\n";
  for (int i = 0; i < 700; ++i) yaml += "- {block: x, depends_on: a}\n- command: b\n";
  const auto plan = planned(yaml);
  ASSERT_FALSE(plan);
  EXPECT_THAT(plan.error().message(), HasSubstr("more than 200000 dependencies"));
}

TEST(Plan, LetsAStepDependOnAWait) {
  const auto plan =
      planned("- command: a\n- {wait: ~, key: w}\n- {command: b, depends_on: [{step: w}]}\n");
  EXPECT_THAT(edges(plan, 2), ElementsAre(Edge{1}));
}

TEST(Plan, AllowsTheFailuresThatTheStepAllows) {
  const auto plan = planned(
      "- {command: a, key: a}\n- {command: b, key: b}\n"
      "- {command: c, depends_on: [{step: a, allow_failure: true}, b]}\n"
      "- {command: d, depends_on: [a, b], allow_dependency_failure: true}\n"
      "- {command: e, depends_on: [{step: a, allow_failure: true}, a]}\n");
  EXPECT_THAT(edges(plan, 2), ElementsAre(Edge{0, true}, Edge{1, false}));
  EXPECT_THAT(edges(plan, 3), ElementsAre(Edge{0, true}, Edge{1, true}));
  EXPECT_THAT(edges(plan, 4), ElementsAre(Edge{0, false}));
}

TEST(Plan, AllowsTheFailureOfWhatIsBeforeTheWait) {
  const auto plan =
      planned("- command: a\n- wait\n- {command: b, allow_dependency_failure: true}\n");
  EXPECT_THAT(edges(plan, 2), ElementsAre(Edge{1, true}));
}

TEST(Plan, KeepsTheEnvironmentOfThePipeline) {
  const auto plan = planned("env: {A: 1}\nsteps: []\n");
  EXPECT_THAT(plan.value().env, ElementsAre(std::pair<std::string, std::string>("A", "1")));
}

TEST(Plan, RefusesCirclesAndNamesTheirSteps) {
  const auto plan = planned(
      "- {command: x, key: x}\n- {command: a, key: a, depends_on: b}\n"
      "- {command: b, key: b, depends_on: [x, c]}\n- {command: c, key: c, depends_on: a}\n");
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code(), Errc::UserFault);
  EXPECT_EQ(plan.error().message(),
            "p.yml:2:36: steps wait for each other in a circle: \"a\" -> \"b\" -> \"c\" -> \"a\"; "
            "remove one depends_on");
}

TEST(Plan, RefusesAStepThatWaitsForItself) {
  EXPECT_FALSE(planned("- {command: a, key: a, depends_on: a}\n"));
}

std::string faults_in(std::string_view yaml) {
  const auto plan = planned(yaml);
  return plan ? "none" : plan.error().message();
}

TEST(Plan, NamesEachCircleWhereItCloses) {
  EXPECT_EQ(
      faults_in("- {command: a, key: a, depends_on: [b, c]}\n"
                "- {command: b, key: b, depends_on: a}\n"
                "- {command: c, key: c, depends_on: [{step: a}, c]}\n"),
      "p.yml:1:37: steps wait for each other in a circle: \"a\" -> \"b\" -> \"a\"; remove one "
      "depends_on\n"
      "p.yml:1:40: steps wait for each other in a circle: \"a\" -> \"c\" -> \"a\"; remove one "
      "depends_on\n"
      "p.yml:3:48: steps wait for each other in a circle: \"c\" -> \"c\"; remove one "
      "depends_on");
}

TEST(Plan, NamesTheDependencyOfAGroupThatClosesACircle) {
  EXPECT_EQ(faults_in("- group: g\n  key: g\n  depends_on: z\n"
                      "  steps: [command: a, command: b]\n"
                      "- {command: z, key: z, depends_on: g}\n"),
            "p.yml:3:15: steps wait for each other in a circle: step 1 -> \"z\" -> step 1; remove "
            "one depends_on");
}

TEST(Plan, NamesCirclesTogetherWithAllOtherFaults) {
  const std::string faults = faults_in(
      "- {command: a, key: a, depends_on: a}\n- {command: b, depends_on: nobody, retrys: 1}\n");
  EXPECT_THAT(faults, HasSubstr("p.yml:1:36: steps wait for each other in a circle"));
  EXPECT_THAT(faults, HasSubstr("p.yml:2:28: depends_on names \"nobody\""));
  EXPECT_THAT(faults, HasSubstr("p.yml:2:36: unknown key \"retrys\""));
}

TEST(Plan, CountsTheFirstHundredOfVeryManyCircles) {
  std::string yaml;
  for (int i = 0; i < 2'000; ++i) {
    const std::string key = "k" + std::to_string(i);
    yaml += "- {command: a, key: " + key + ", depends_on: [" + key + ", k0, k1999]}\n";
  }
  const std::string faults = faults_in(yaml);
  EXPECT_EQ(std::ranges::count(faults, '\n'), 99);
}

TEST(Plan, RefusesCirclesThroughAWait) {
  const auto plan = planned("- {command: a, depends_on: b}\n- wait\n- {command: b, key: b}\n");
  ASSERT_FALSE(plan);
  EXPECT_THAT(plan.error().message(), HasSubstr("step 1 -> \"b\" -> the wait in line 2 -> step 1"));
}

TEST(Plan, RefusesDependenciesOnNothing) {
  model::PipelineDefinition definition;
  definition.steps.resize(1);
  definition.steps[0].depends_on = {{"nobody", false, {}}};
  EXPECT_FALSE(plan(std::move(definition)));
}

TEST(Plan, LetsAWaitFollowFailuresUntilTheNextThatDoesNot) {
  const auto plan = planned(
      "- command: a\n- {wait: ~, continue_on_failure: true}\n- command: b\n"
      "- {wait: ~, continue_on_failure: true}\n- command: c\n- wait\n- command: d\n"
      "- {wait: ~, continue_on_failure: true}\n");
  EXPECT_THAT(edges(plan, 1), ElementsAre(Edge{0, true}));
  EXPECT_THAT(edges(plan, 2), ElementsAre(Edge{1}));
  EXPECT_THAT(edges(plan, 3), ElementsAre(Edge{1}, Edge{2, true}));
  EXPECT_THAT(edges(plan, 5), ElementsAre(Edge{0}, Edge{1}, Edge{2}, Edge{3}, Edge{4}))
      << "no failure before it is forgotten";
  EXPECT_THAT(edges(plan, 7), ElementsAre(Edge{5}, Edge{6, true})) << "the wait still stops it";
}

TEST(Plan, LetsAWaitWithDependsOnFollowTheFailuresOfThose) {
  const auto plan = planned(
      "- {command: a, key: a}\n- {wait: ~, depends_on: a, continue_on_failure: \"true\"}\n");
  EXPECT_THAT(edges(plan, 1), ElementsAre(Edge{0, true}));
}

TEST(Plan, KeepsEdgesLinearInSteps) {
  std::string yaml;
  for (int i = 0; i < 9'999; ++i) yaml += i == 5'000 ? "- wait\n" : "- command: a\n";
  const auto plan = planned(yaml);
  ASSERT_TRUE(plan);
  std::size_t count = 0;
  for (const PlannedStep& step : plan.value().steps) count += step.dependencies.size();
  EXPECT_LT(count, 10'000u);
}

TEST(Plan, LetsWhatIsLeftOutWaitForNothing) {
  auto definition = parse(
      "- {command: a, key: a}\n- {wait: ~, if: 'false'}\n- {wait: ~, depends_on: a, if: 'false'}\n"
      "- {block: b, if: 'false'}\n- wait\n",
      {});
  ASSERT_TRUE(definition);
  for (std::size_t at = 1; at < 4; ++at) definition.value().steps.at(at).skip = "no";
  const auto plan = pipeline::plan(std::move(definition).value());
  ASSERT_TRUE(plan);
  for (std::size_t at = 1; at < 4; ++at) EXPECT_THAT(edges(plan, at), IsEmpty());
  EXPECT_THAT(edges(plan, 4), ElementsAre(Edge{0}, Edge{1}, Edge{2}, Edge{3}));
}

TEST(Plan, FollowsALongChainWithoutRecursion) {
  std::string yaml;
  for (int i = 0; i < 10'000; ++i) {
    yaml += "- {command: a, key: k" + std::to_string(i);
    if (i < 9'999) yaml += ", depends_on: k" + std::to_string(i + 1);
    yaml += "}\n";
  }
  EXPECT_TRUE(planned(yaml));
}

}  // namespace
}  // namespace ostler::pipeline
