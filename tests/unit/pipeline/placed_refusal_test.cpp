// SPDX-License-Identifier: Apache-2.0
#include "pipeline/placed_refusal.hpp"

#include <gtest/gtest.h>

#include <string>

#include "pipeline/parse.hpp"
#include "pipeline/plan_upload.hpp"
#include "pipeline/read_upload.hpp"

namespace ostler::pipeline {
namespace {

/// What a hub says of the first document of `text`, into whose build another step with the key
/// "taken" has come before.
std::string refusal_of(std::string_view text) {
  const auto documents = read_upload(text, "p.yml", {.variables = VariableTable()});
  if (!documents) return documents.error().message();
  auto definition = parse_upload(documents.value().at(0).json);
  if (!definition) return definition.error().message();
  UploadSite site;
  site.keyed_steps.push_back({StepId::make(), "taken"});
  const auto plan = plan_upload(std::move(definition).value(), site);
  return plan ? "none" : plan.error().message();
}

std::string placed(std::string_view text) {
  const auto faults = placed_refusal(refusal_of(text),
                                     {.file = "p.yml", .text = text, .variables = VariableTable()});
  return faults ? faults->error().message() : "not placed";
}

TEST(PlacedRefusal, SaysWhereEachFaultIs) {
  EXPECT_EQ(placed("steps:\n  - command: a\n    retrys: 1\n  - name: b\n    commands: [b]\n"
                   "    skip: [x]\n"),
            "p.yml:3:5: unknown key \"retrys\" in a command step; did you mean \"retry\"?\n"
            "p.yml:6:11: skip must be text; write it as one value");
}

TEST(PlacedRefusal, FindsTheStepWhateverItIsCalled) {
  EXPECT_EQ(placed("- command: a\n- label: 'b\": c'\n  command: b\n  skip: [x]\n"),
            "p.yml:4:9: skip must be text; write it as one value");
}

TEST(PlacedRefusal, FindsFaultsOfTheGraph) {
  EXPECT_EQ(placed("- command: a\n  key: a\n  depends_on:\n    - taken\n    - a\n"),
            "p.yml:5:7: steps wait for each other in a circle: \"a\" -> \"a\"; remove one "
            "depends_on");
  EXPECT_EQ(placed("- command: a\n- command: b\n  depends_on: nobody\n"),
            "p.yml:3:15: depends_on names \"nobody\", but no step has that key; give a step that "
            "key, or remove the dependency");
}

TEST(PlacedRefusal, FindsACircleThroughAStepWithoutAKey) {
  EXPECT_EQ(placed("- {command: a, key: a, depends_on: b}\n- wait\n- {command: b, key: b}\n"),
            "p.yml:1:36: steps wait for each other in a circle: \"a\" -> \"b\" -> step 2 -> \"a\"; "
            "remove one depends_on");
}

TEST(PlacedRefusal, PointsAtTheStepOfAFaultThatOnlyTheServerSees) {
  EXPECT_EQ(placed("- wait\n- group: g\n  steps:\n    - command: a\n      key: taken\n"),
            "p.yml:4:7: the key \"taken\" has already been used by another step in this build; "
            "choose another");
}

TEST(PlacedRefusal, LeavesTheWordsOfOtherServersAlone) {
  for (const char* words : {"Your pipeline is wrong", "pipeline: step 1: a\nand more"}) {
    EXPECT_FALSE(placed_refusal(words, {.file = "p.yml", .text = "- wait\n", .variables = {}}));
  }
}

std::string placed(std::string_view refusal, std::string_view text) {
  const auto faults = placed_refusal(refusal, {.file = "p.yml", .text = text, .variables = {}});
  return faults ? faults->error().message() : "not placed";
}

TEST(PlacedRefusal, PointsAtTheAttributeThatAServerRefuses) {
  EXPECT_EQ(placed("pipeline: step 1: queue \"a\" is not there; make it\n"
                   "pipeline: step 2: queue \"b\" is not there; make it\n"
                   "pipeline: step 2: if: build.number == 1: takes too long\n",
                   "agents: {queue: a}\nsteps:\n  - command: a\n  - command: b\n"
                   "    agents: {queue: b}\n    if: build.number == 1\n"),
            "p.yml:1:9: queue \"a\" is not there; make it\n"
            "p.yml:5:13: queue \"b\" is not there; make it\n"
            "p.yml:6:9: if: build.number == 1: takes too long");
  EXPECT_EQ(placed("pipeline: env of all is too long; shorten it\n"
                   "pipeline: notify gives too many; remove some",
                   "env: {A: a}\nnotify: []\nsteps: [wait]\n"),
            "p.yml:1:6: env of all is too long; shorten it\n"
            "p.yml:2:9: notify gives too many; remove some");
}

TEST(PlacedRefusal, SaysAtItsEndHowManyMoreThereAre) {
  EXPECT_EQ(placed("pipeline: step 1: a; b\npipeline: and 7 more faults", "- wait\n"),
            "p.yml:1:3: a; b\np.yml: and 7 more faults");
}

TEST(PlacedRefusal, LooksAtTheDocumentThatWasRefused) {
  const auto faults = placed_refusal(
      "pipeline: step 1: x; y\npipeline: z",
      {.file = "p.yml", .text = "- wait\n---\n- wait\n", .document = 1, .variables = {}});
  ASSERT_TRUE(faults);
  EXPECT_EQ(faults->error().message(), "p.yml: z\np.yml:3:3: x; y");
}

}  // namespace
}  // namespace ostler::pipeline
