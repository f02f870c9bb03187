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

TEST(PlacedRefusal, LooksAtTheDocumentThatWasRefused) {
  const auto faults = placed_refusal(
      "pipeline: step 1: x; y\npipeline: z",
      {.file = "p.yml", .text = "- wait\n---\n- wait\n", .document = 1, .variables = {}});
  ASSERT_TRUE(faults);
  EXPECT_EQ(faults->error().message(), "p.yml: z\np.yml:3:3: x; y");
}

}  // namespace
}  // namespace ostler::pipeline
