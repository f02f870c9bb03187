// SPDX-License-Identifier: Apache-2.0
#include "pipeline/plan_upload.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <string>
#include <utility>

#include "pipeline/parse.hpp"

namespace ostler::pipeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

StepId id(std::uint8_t number) {
  StepId made;
  made.uuid.bytes[0] = number;
  return made;
}

const StepId kUploader = id(1);
const StepId kBuilt = id(2);
const StepId kLater = id(3);
const StepId kWait = id(4);
const StepId kBeside = id(5);

UploadSite site() {
  return {.uploader = kUploader,
          .keyed_steps = {{kUploader, "up"}, {kBuilt, "built"}, {kLater, "later", true}},
          .before = {.barriers = {},
                     .since_full_wait = {kBeside, kUploader},
                     .since_strict_wait = {kBeside, kUploader}}};
}

Result<UploadPlan> planned_upload(std::string_view json, const UploadSite& where = site()) {
  auto definition = parse_upload(json);
  if (!definition) return definition.error();
  return plan_upload(std::move(definition).value(), where);
}

std::vector<PresentEdge> edges(const Result<UploadPlan>& plan, std::size_t step) {
  return plan.value().steps.at(step).present_dependencies;
}

std::string faults(std::string_view json) {
  const auto plan = planned_upload(json);
  return plan ? "none" : plan.error().message();
}

TEST(PlanUpload, MakesEveryStepWaitForItsUploader) {
  const auto plan = planned_upload(
      R"([{"command": "a"}, {"command": "b", "depends_on": []}, {"wait": null}, {"command": "c"}])");
  EXPECT_THAT(edges(plan, 0), ElementsAre(PresentEdge{kUploader}));
  EXPECT_THAT(edges(plan, 1), ElementsAre(PresentEdge{kUploader}));
  EXPECT_THAT(edges(plan, 2), ElementsAre(PresentEdge{kUploader}, PresentEdge{kBeside}));
  EXPECT_THAT(edges(plan, 3), ElementsAre(PresentEdge{kUploader}));
  EXPECT_THAT(plan.value().steps[2].planned.dependencies, ElementsAre(Edge{0}, Edge{1}));
  EXPECT_THAT(plan.value().steps[3].planned.dependencies, ElementsAre(Edge{2}));
}

TEST(PlanUpload, HoldsStepsBehindTheWaitBeforeThem) {
  UploadSite behind = site();
  behind.before.barriers = {kWait};
  const auto plan = planned_upload(
      R"([{"command": "a"}, {"command": "b", "depends_on": "built"}, {"wait": ""}, {"command": "c"},
          {"wait": ""}])",
      behind);
  EXPECT_THAT(edges(plan, 0), ElementsAre(PresentEdge{kUploader}, PresentEdge{kWait}));
  EXPECT_THAT(edges(plan, 1), ElementsAre(PresentEdge{kUploader}, PresentEdge{kBuilt}));
  EXPECT_THAT(edges(plan, 2),
              ElementsAre(PresentEdge{kUploader}, PresentEdge{kWait}, PresentEdge{kBeside}));
  EXPECT_THAT(edges(plan, 3), ElementsAre(PresentEdge{kUploader}));
  EXPECT_THAT(edges(plan, 4), ElementsAre(PresentEdge{kUploader}))
      << "the first wait covers what is before it";
}

TEST(PlanUpload, LetsAWaitWithDependsOnCoverOnlyThose) {
  const auto plan = planned_upload(R"([{"wait": "", "depends_on": "built"}, {"wait": ""}])");
  EXPECT_THAT(edges(plan, 0), ElementsAre(PresentEdge{kUploader}, PresentEdge{kBuilt}));
  EXPECT_THAT(edges(plan, 1), ElementsAre(PresentEdge{kUploader}, PresentEdge{kBeside}));
}

TEST(PlanUpload, ResolvesKeysOfTheBuildAndOfTheUpload) {
  const auto plan = planned_upload(
      R"([{"command": "a", "key": "a"},
          {"command": "b", "depends_on": ["a", {"step": "built", "allow_failure": true}]},
          {"command": "c", "depends_on": "built", "allow_dependency_failure": true}])");
  EXPECT_THAT(plan.value().steps[1].planned.dependencies, ElementsAre(Edge{0}));
  EXPECT_THAT(edges(plan, 1), ElementsAre(PresentEdge{kUploader}, PresentEdge{kBuilt, true}));
  EXPECT_THAT(edges(plan, 2), ElementsAre(PresentEdge{kUploader, true}, PresentEdge{kBuilt, true}));
}

TEST(PlanUpload, WantsSuccessWhenADependencyIsNamedTwice) {
  const auto plan = planned_upload(
      R"([{"command": "b", "depends_on": [{"step": "built", "allow_failure": true}, "built"]}])");
  EXPECT_THAT(edges(plan, 0), ElementsAre(PresentEdge{kUploader}, PresentEdge{kBuilt}));
}

TEST(PlanUpload, NamesEveryFaultByItsStep) {
  EXPECT_EQ(faults(R"([{"command": "a", "key": "built"}])"),
            "pipeline: step 1: the key \"built\" has already been used by another step in this "
            "build; choose another");
  EXPECT_THAT(faults(R"([{"command": "a"}, {"command": "b", "depends_on": "bilt"}])"),
              HasSubstr("pipeline: step 2: depends_on names \"bilt\", but no step has that key"));
  EXPECT_THAT(faults(R"([{"command": "a", "depends_on": "later"}])"),
              HasSubstr("step 1: depends_on names \"later\", which itself waits for"));
  const std::string two =
      faults(R"([{"command": "a", "depends_on": "later"}, {"command": "b", "key": "up"}])");
  EXPECT_THAT(two, HasSubstr("\"later\""));
  EXPECT_THAT(two, HasSubstr("\"up\""));
}

/// A group of a thousand steps whose key is "many".
UploadSite site_of_many() {
  UploadSite many = site();
  for (int i = 0; i < 1'000; ++i) many.keyed_steps.push_back({StepId::make(), "many"});
  return many;
}

TEST(PlanUpload, TakesAKeyThatIsNamedAgainOnce) {
  std::string keys = "\"many\"";
  for (int i = 0; i < 1'000; ++i) keys += ", \"many\"";
  const auto plan =
      planned_upload(R"([{"command": "a", "depends_on": [)" + keys + "]}]", site_of_many());
  EXPECT_EQ(edges(plan, 0).size(), 1'001u);
}

TEST(PlanUpload, RefusesMoreDependenciesOnTheBuildThanItCanHold) {
  std::string steps;
  for (int i = 0; i < 250; ++i) steps += R"({"command": "a", "depends_on": "many"},)";
  steps.back() = ']';
  const auto plan = planned_upload("[" + steps, site_of_many());
  ASSERT_FALSE(plan);
  EXPECT_THAT(plan.error().message(), HasSubstr("more than 200000 dependencies"));
}

TEST(PlanUpload, RefusesACircleWithoutNamingPlacesNobodySees) {
  const std::string circle = faults(
      R"([{"command": "a", "key": "a", "depends_on": "b"},
          {"command": "b", "key": "b", "depends_on": "a"}])");
  EXPECT_EQ(circle,
            "pipeline: step 1 \"a\": steps wait for each other in a circle: \"a\" -> \"b\" -> "
            "\"a\"; remove "
            "one depends_on");
}

TEST(PlanUpload, NamesTheFirstStepOfAGroupThatHasAFault) {
  const std::string both = faults(
      R"([{"command": "a"}, {"group": "g", "key": "up", "depends_on": "nobody",
           "steps": [{"command": "b"}]}, {"command": "c"}])");
  EXPECT_THAT(both, HasSubstr("pipeline: step 2: the key \"up\" has already been used"));
  EXPECT_THAT(both, HasSubstr("pipeline: step 2: depends_on names \"nobody\""));
}

/// Processor time that planning an upload takes; other programs do not count.
std::clock_t cost_of_groups(int count) {
  std::string json = "[";
  for (int i = 0; i < count; ++i) json += R"({"group": "g", "steps": [{"command": "a"}]},)";
  json.back() = ']';
  auto definition = parse_upload(json);
  EXPECT_TRUE(definition);
  const std::clock_t start = std::clock();
  EXPECT_TRUE(plan_upload(std::move(definition).value(), site()));
  return std::clock() - start;
}

TEST(PlanUpload, TakesNoLongerForEachOfManyGroups) {
  EXPECT_LT(cost_of_groups(8'000), 30 * cost_of_groups(1'000));
}

TEST(ParseUpload, TakesTextAsItIs) {
  const auto definition = parse_upload(
      R"({"env": {"A": "$B", "C": "${"}, "steps": [{"command": "echo $A \\$ ${A", "key": "k"}]})");
  ASSERT_TRUE(definition) << definition.error().message();
  EXPECT_EQ(definition.value().env, (model::Variables{{"A", "$B"}, {"C", "${"}}));
  EXPECT_EQ(definition.value().steps[0].command, "echo $A \\$ ${A");
}

TEST(ParseUpload, GivesAgentsOfTheTopToStepsWithoutAny) {
  const auto definition = parse_upload(
      R"({"agents": {"queue": "q"}, "steps": [{"command": "a"},
          {"command": "b", "agents": ["os=linux"]}, "wait"]})");
  EXPECT_THAT(definition.value().steps[0].agent_query_rules, ElementsAre("queue=q"));
  EXPECT_THAT(definition.value().steps[1].agent_query_rules, ElementsAre("os=linux"));
  EXPECT_THAT(definition.value().steps[2].agent_query_rules, IsEmpty());
}

TEST(ParseUpload, NamesFaultsByTheirStep) {
  const auto fault = [](std::string_view json) { return parse_upload(json).error().message(); };
  EXPECT_EQ(fault(R"({"steps": [{"command": "a"}, {"command": "b", "secrets": null}]})"),
            "pipeline: step 2: secrets must be a list of keys, or a mapping of variables to keys");
  EXPECT_EQ(fault(R"({"checkout": true, "steps": [{"command": "x"}]})"),
            "pipeline: checkout must be a mapping; write \"checkout: {skip: true}\"");
  EXPECT_EQ(fault(R"({"steps": [{"command": "a", "retrys": 1}]})"),
            "pipeline: step 1: unknown key \"retrys\" in a command step; did you mean "
            "\"retry\"?");
}

}  // namespace
}  // namespace ostler::pipeline
