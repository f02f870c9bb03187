// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "pipeline/parse.hpp"
#include "pipeline/plan_upload.hpp"
#include "pipeline/print.hpp"

namespace ostler::pipeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

model::PipelineDefinition parsed_groups(std::string_view yaml) {
  auto result = parse(yaml, {}, "p.yml");
  if (result) return std::move(result).value();
  ADD_FAILURE() << result.error().message();
  return {};
}
std::string group_fault(std::string_view yaml) {
  const auto result = parse(yaml, {}, "p.yml");
  return result ? "none" : result.error().message();
}
Plan plan_of_valid(std::string_view yaml) {
  auto result = plan(parsed_groups(yaml), "p.yml");
  if (result) return std::move(result).value();
  ADD_FAILURE() << result.error().message();
  return {};
}

constexpr std::string_view kGroups = R"yaml(
steps:
  - {command: a, key: a}
  - wait
  - group: "Tests"
    key: tests
    if: build.branch == "main"
    skip: "later"
    notify: [{slack: "#c", if: step.outcome == "passed"}, github_check]
    steps:
      - {command: b, key: b}
      - {command: c, key: c, skip: mine, branches: main}
      - wait
      - {command: d, key: d, if: build.tag == null}
  - {command: e, key: e, depends_on: tests}
  - wait
  - group: ~
    label: "Label"
    steps: [{command: f}]
)yaml";

TEST(Group, HandsWhatItAsksToItsSteps) {
  const auto definition = parsed_groups(kGroups);
  ASSERT_THAT(definition.groups, SizeIs(2));
  EXPECT_EQ(definition.groups[0].label, "Tests");
  EXPECT_EQ(definition.groups[0].key, "tests");
  EXPECT_EQ(definition.groups[1].label, "Label");
  ASSERT_THAT(definition.steps, SizeIs(9));
  EXPECT_EQ(definition.steps[2].group, 0u);
  EXPECT_EQ(definition.steps[2].skip, "later");
  EXPECT_EQ(definition.steps[3].skip, "mine");
  ASSERT_THAT(definition.steps[5].conditions, SizeIs(2));
  EXPECT_EQ(definition.steps[5].conditions[0].text, "build.branch == \"main\"");
  EXPECT_EQ(definition.steps[5].conditions[1].text, "build.tag == null");
  EXPECT_EQ(definition.steps[6].group, std::nullopt);
}

TEST(Group, StandsInADefinitionThatIsPrinted) {
  const auto original = parsed_groups(kGroups);
  const auto again = parse(print(original), {});
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(print(again.value()), print(original));
  EXPECT_EQ(again.value().steps[5].conditions.size(), 2u);
  EXPECT_EQ(again.value().steps[3].branches, "main");
}

TEST(Group, KeepsItsWaitsToItself) {
  const auto plan = plan_of_valid(
      "[{command: a}, wait, {group: G, steps: [{command: b}, wait, {command: c}]}, "
      "{group: H, steps: [{command: d}]}, wait, {command: e}]");
  EXPECT_THAT(plan.steps[2].dependencies, ElementsAre(Edge{1}));
  EXPECT_THAT(plan.steps[3].dependencies, ElementsAre(Edge{1}, Edge{2}));
  EXPECT_THAT(plan.steps[4].dependencies, ElementsAre(Edge{1}, Edge{3}));
  EXPECT_THAT(plan.steps[5].dependencies, ElementsAre(Edge{1})) << "groups run side by side";
  EXPECT_THAT(plan.steps[6].dependencies, ElementsAre(Edge{1}, Edge{2}, Edge{3}, Edge{4}, Edge{5}));
  EXPECT_THAT(plan.steps[7].dependencies, ElementsAre(Edge{6}));
}

TEST(Group, StandsForAllItsSteps) {
  const auto plan = plan_of_valid(
      "[{command: z, key: z}, {group: G, key: g, depends_on: z, allow_dependency_failure: true, "
      "steps: [{command: a, key: a}, {command: b, depends_on: a}]}, "
      "{command: c, depends_on: [{step: g, allow_failure: true}]}, {command: d, depends_on: g}]");
  EXPECT_THAT(plan.steps[1].dependencies, ElementsAre(Edge{0, true}));
  EXPECT_THAT(plan.steps[2].dependencies, ElementsAre(Edge{0, true}, Edge{1}));
  EXPECT_THAT(plan.steps[3].dependencies, ElementsAre(Edge{1, true}, Edge{2, true}));
  EXPECT_THAT(plan.steps[4].dependencies, ElementsAre(Edge{1}, Edge{2}));
}

TEST(Group, LosesItsPlaceToDependsOn) {
  const auto plan = plan_of_valid(
      "[{command: a, key: a}, wait, {group: G, depends_on: a, steps: [{command: b}]}, "
      "{group: H, steps: [{command: c, depends_on: a}]}, {group: I, depends_on: ~, steps: "
      "[wait]}]");
  EXPECT_THAT(plan.steps[2].dependencies, ElementsAre(Edge{0}));
  EXPECT_THAT(plan.steps[3].dependencies, ElementsAre(Edge{0}));
  EXPECT_THAT(plan.steps[4].dependencies, IsEmpty());
}

TEST(Group, IsRefusedWithItsPlace) {
  EXPECT_EQ(group_fault("- group: G\n  steps:\n  - group: H\n    steps: [{command: a}]\n"),
            "p.yml:3:5: a group cannot stand in a group; put its steps behind the group");
  EXPECT_THAT(group_fault("- group: G\n"), HasSubstr("p.yml:1:3: a group needs steps"));
  EXPECT_THAT(group_fault("- {group: G, steps: []}"), HasSubstr("a group needs steps"));
  EXPECT_THAT(group_fault("- {group: G, stebs: [wait]}"), HasSubstr("did you mean \"steps\"?"));
  EXPECT_THAT(group_fault("- {group: G, branches: main, steps: [wait]}"),
              HasSubstr("unknown key \"branches\" in a group; remove it, or give it to its steps"));
  EXPECT_THAT(group_fault("- {group: G, key: k, steps: [wait]}\n- {command: a, key: k}"),
              HasSubstr("the key \"k\" has already been used by another step in this build"));
  EXPECT_THAT(group_fault("- {group: G, depends_on: nobody, steps: [wait]}"),
              HasSubstr("depends_on names \"nobody\""));
  EXPECT_THAT(group_fault("- {group: G, if: \"build.branch\", steps: [wait]}"),
              HasSubstr("p.yml:1:19: if: the condition is a text"));
  EXPECT_THAT(group_fault("- {group: G, notify: [{slack: x, if: step.nope}], steps: [wait]}"),
              HasSubstr("there is no \"step.nope\""));
  const auto upload =
      parse_upload(R"([{"group": "G", "steps": [{"group": "H", "steps": ["wait"]}]}])");
  ASSERT_FALSE(upload);
  EXPECT_THAT(upload.error().message(), StartsWith("pipeline: step 1: a group cannot stand in"));
}

TEST(Group, CannotMultiplyStepsWithoutEnd) {
  std::string yaml = "a: &a [";
  for (int i = 0; i < 5'000; ++i) yaml += "wait, ";
  yaml += "wait]\nsteps:\n";
  for (int i = 0; i < 5'000; ++i) yaml += "- {group: G, steps: *a}\n";
  EXPECT_THAT(group_fault(yaml), HasSubstr("more than 10000 steps; split the pipeline"));
}

TEST(Group, OfAnUploadDependsOnTheBuild) {
  StepId uploader, built, wait;
  uploader.uuid.bytes[0] = 1;
  built.uuid.bytes[0] = 2;
  wait.uuid.bytes[0] = 3;
  UploadSite site{.uploader = uploader, .keyed_steps = {{built, "built"}, {built, "all"}}};
  site.before.barriers = {wait};
  auto definition = parse_upload(
      R"([{"group": "G", "key": "g", "depends_on": "all", "steps": [{"command": "a"}]},
          {"group": "H", "steps": [{"command": "b"}, "wait", {"command": "c"}]},
          {"command": "d", "depends_on": "g"}])");
  ASSERT_TRUE(definition) << definition.error().message();
  const auto plan = plan_upload(std::move(definition).value(), site);
  ASSERT_TRUE(plan) << plan.error().message();
  const auto& steps = plan.value().steps;
  EXPECT_THAT(steps[0].present_dependencies,
              ElementsAre(PresentEdge{uploader}, PresentEdge{built}));
  EXPECT_THAT(steps[1].present_dependencies, ElementsAre(PresentEdge{uploader}, PresentEdge{wait}));
  EXPECT_THAT(steps[3].planned.dependencies, ElementsAre(Edge{2}));
  EXPECT_THAT(steps[4].planned.dependencies, ElementsAre(Edge{0}));
  EXPECT_THAT(plan.value().groups, SizeIs(2));
}

}  // namespace
}  // namespace ostler::pipeline
