// SPDX-License-Identifier: Apache-2.0
#include "pipeline/parse.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace ostler::pipeline {
namespace {

using model::StepKind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

model::PipelineDefinition parsed(std::string_view yaml, const model::Variables& env = {}) {
  auto result = parse(yaml, env);
  if (result) return std::move(result).value();
  ADD_FAILURE() << result.error().message();
  return {};
}

model::StepDefinition step(std::string_view yaml, const model::Variables& env = {}) {
  auto definition = parsed(yaml, env);
  if (definition.steps.empty()) return {};
  return definition.steps.back();
}

TEST(Parse, ReadsEverySupportedKeyOfACommandStep) {
  const auto one = step(R"(
steps:
  - label: "Build"
    key: build
    command: make
    env: {A: x, N: 1, B: true, F: 1.10, EMPTY: ~}
    agents: {queue: linux, gpu: true}
    artifact_paths: ["out/*", "log.txt"]
    timeout_in_minutes: 10
    allow_dependency_failure: true
)");
  EXPECT_EQ(one.kind, StepKind::Command);
  EXPECT_EQ(one.label, "Build");
  EXPECT_EQ(one.key, "build");
  EXPECT_EQ(one.command, "make");
  EXPECT_THAT(one.env, ElementsAre(Pair("A", "x"), Pair("N", "1"), Pair("B", "true"),
                                   Pair("F", "1.1"), Pair("EMPTY", "")));
  EXPECT_THAT(one.agent_query_rules, ElementsAre("queue=linux", "gpu=true"));
  EXPECT_EQ(one.artifact_paths, "out/*;log.txt");
  EXPECT_EQ(one.timeout_in_minutes, 10);
  EXPECT_TRUE(one.allow_dependency_failure);
  EXPECT_FALSE(one.depends_on.has_value());
  EXPECT_EQ(one.at.line, 3);
  EXPECT_EQ(one.at.column, 5);
}

TEST(Parse, ReadsTheOtherSpellingsOfKeys) {
  const auto one = step(
      "- {commands: [a, b], name: L, id: k, agents: [\"queue=x\"], artifacts: \"a;b\", "
      "timeout: \"5\"}");
  EXPECT_EQ(one.command, "a\nb");
  EXPECT_EQ(one.label, "L");
  EXPECT_EQ(one.key, "k");
  EXPECT_THAT(one.agent_query_rules, ElementsAre("queue=x"));
  EXPECT_EQ(one.artifact_paths, "a;b");
  EXPECT_EQ(one.timeout_in_minutes, 5);
  EXPECT_THAT(step("- {command: a, agent_query_rules: [a=b], identifier: k}").agent_query_rules,
              ElementsAre("a=b"));
}

TEST(Parse, ReadsEveryFormOfACommandStep) {
  EXPECT_EQ(step("- command: [a, ~, 3]").command, "a\n\n3");
  EXPECT_EQ(step("- command: |\n    one\n    two\n").command, "one\ntwo\n");
  EXPECT_EQ(step("- {type: command, command: a}").command, "a");
  EXPECT_EQ(step("- {type: commands, command: a}").command, "a");
  EXPECT_EQ(step("- type: script").kind, StepKind::Command);
  EXPECT_EQ(step("- command: ~").command, "");
  EXPECT_EQ(step("- command: {command: a, label: L}").label, "L");
  EXPECT_EQ(step("- script: {command: a}").command, "a");
  EXPECT_EQ(step("- commands: {commands: [a, b]}").command, "a\nb");
}

TEST(Parse, ReadsEveryFormOfAWait) {
  for (const char* yaml : {"- wait", "- waiter", "- wait:", "- wait: ~", "- waiter: \"\"",
                           "- type: wait", "- type: \"waiter\"", "- wait: {type: wait}"}) {
    EXPECT_EQ(step(yaml).kind, StepKind::Wait) << yaml;
  }
  EXPECT_EQ(step("- wait: \"Tests done\"").label, "Tests done");
  EXPECT_EQ(step("- {wait: ~, label: L, key: w}").label, "L");
  EXPECT_EQ(step("- wait: {key: w}").key, "w");
}

TEST(Parse, ReadsEveryFormOfDependsOn) {
  const auto depends = [](const std::string& value) {
    return step("- {command: a, key: a}\n- {command: b, key: b}\n- {command: c, depends_on: " +
                value + "}")
        .depends_on;
  };
  EXPECT_THAT(depends("~").value(), IsEmpty());
  EXPECT_THAT(depends("[]").value(), IsEmpty());
  EXPECT_EQ(depends("a").value().at(0).key, "a");
  const auto mixed = depends("[a, {step: b, allow_failure: \"true\"}]").value();
  EXPECT_EQ(mixed.at(0).key, "a");
  EXPECT_FALSE(mixed.at(0).allow_failure);
  EXPECT_EQ(mixed.at(1).key, "b");
  EXPECT_TRUE(mixed.at(1).allow_failure);
}

TEST(Parse, ReadsABareListAndJson) {
  EXPECT_EQ(parsed("- command: a\n- wait\n- command: b\n").steps.size(), 3u);
  const auto json =
      parsed("{\n\t\"env\": {\"A\": \"1\"},\n\t\"steps\": [{\"command\": \"a\"}]\n}\n");
  EXPECT_EQ(json.steps.size(), 1u);
  EXPECT_EQ(json.env.size(), 1u);
}

TEST(Parse, TakesNoStepsForNone) {
  EXPECT_THAT(parsed("steps: ~").steps, IsEmpty());
  EXPECT_THAT(parsed("steps: []").steps, IsEmpty());
  EXPECT_THAT(parsed("[]").steps, IsEmpty());
}

TEST(Parse, ReplacesTheAgentsOfThePipelineByTheSteps) {
  const auto definition = parsed(
      "agents: {queue: linux, os: debian}\nsteps:\n- command: a\n- {command: b, agents: {gpu: 1}}\n"
      "- {command: c, agents: []}\n- wait\n");
  EXPECT_THAT(definition.steps[0].agent_query_rules, ElementsAre("queue=linux", "os=debian"));
  EXPECT_THAT(definition.steps[1].agent_query_rules, ElementsAre("gpu=1"));
  EXPECT_THAT(definition.steps[2].agent_query_rules, IsEmpty());
  EXPECT_THAT(definition.steps[3].agent_query_rules, IsEmpty());
}

TEST(Parse, GivesThePriorityOfThePipelineToStepsWithoutOne) {
  const auto definition =
      parsed("priority: -3\nsteps:\n- command: a\n- {command: b, priority: 0}\n- wait\n");
  EXPECT_EQ(definition.steps[0].priority, -3);
  EXPECT_EQ(definition.steps[1].priority, 0);
  EXPECT_EQ(definition.steps[2].priority, 0);
}

TEST(Parse, FollowsAnchorsAndMerges) {
  const auto definition = parsed(R"(
common: &common {timeout_in_minutes: 5, label: Common}
more: &more {label: More, env: {A: 1}}
steps:
  - <<: *common
    command: a
    label: Own
  - {<<: [*common, *more], command: b}
  - &again {command: c}
  - *again
)");
  EXPECT_EQ(definition.steps[0].label, "Own");
  EXPECT_EQ(definition.steps[0].timeout_in_minutes, 5);
  EXPECT_EQ(definition.steps[1].label, "Common");
  EXPECT_THAT(definition.steps[1].env, ElementsAre(Pair("A", "1")));
  EXPECT_EQ(definition.steps[3].command, "c");
}

TEST(Parse, TakesAQuotedMergeKeyForAnOrdinaryOne) {
  EXPECT_FALSE(parse("- {\"<<\": {label: L}, command: a}", {}));
}

TEST(Parse, InterpolatesTheEnvironmentFirstAndInOrder) {
  const auto definition = parsed(
      "steps:\n- command: echo $B ${C:-none} $USER\nenv:\n  A: ${USER}-1\n  B: $A-2\n"
      "  USER: other\n  ${KEY}: x\n",
      {{"USER", "me"}, {"KEY", "NAME"}});
  EXPECT_THAT(definition.env, ElementsAre(Pair("A", "me-1"), Pair("B", "me-1-2"),
                                          Pair("USER", "other"), Pair("NAME", "x")));
  EXPECT_EQ(definition.steps[0].command, "echo me-1-2 none other");
}

TEST(Parse, InterpolatesEveryTextOfAStep) {
  const auto one = step(
      "- {command: a, key: v1}\n"
      "- {command: \"$V\", label: \"$V\", key: \"k-$V\", env: {\"${V}_N\": \"$V\"}, "
      "agents: {\"$V\": \"$V\"}, artifact_paths: \"$V/*\", depends_on: \"$V\", "
      "timeout_in_minutes: \"$T\"}",
      {{"V", "v1"}, {"T", "7"}});
  EXPECT_EQ(one.command, "v1");
  EXPECT_EQ(one.label, "v1");
  EXPECT_EQ(one.key, "k-v1");
  EXPECT_THAT(one.env, ElementsAre(Pair("v1_N", "v1")));
  EXPECT_THAT(one.agent_query_rules, ElementsAre("v1=v1"));
  EXPECT_EQ(one.artifact_paths, "v1/*");
  EXPECT_EQ(one.depends_on->at(0).key, "v1");
  EXPECT_EQ(one.timeout_in_minutes, 7);
}

TEST(Parse, KeepsStepVariablesOutOfInterpolation) {
  EXPECT_EQ(step("- {env: {A: x}, command: \"<$A>\"}").command, "<>");
}

TEST(Parse, LetsTheLastOfEqualNamesWinAfterInterpolation) {
  EXPECT_THAT(step("- {command: a, env: {A: 1, \"${N}\": 2}}", {{"N", "A"}}).env,
              ElementsAre(Pair("A", "2")));
}

TEST(Parse, AllowsOtherTopLevelKeysAsPlacesForAnchors) {
  EXPECT_EQ(parsed("defaults: {x: 1}\nstep: &s {command: a}\nsteps: [*s]\n").steps.size(), 1u);
}

TEST(Parse, PutsTheStepsOfSeveralDocumentsOneBehindTheOther) {
  const auto all = parsed(
      "env: {A: one, B: 1}\nagents: {queue: first}\npriority: 3\n"
      "notify: [{webhook: \"http://a.example/\"}]\n"
      "steps: [{command: \"a $A\", depends_on: b}]\n---\n# nothing\n---\n"
      "env: {A: two}\nnotify: [{webhook: \"http://b.example/\"}]\n"
      "steps: [{command: \"b $A $B\", key: b}]\n---\n- command: c\n");
  ASSERT_EQ(all.steps.size(), 3u);
  EXPECT_EQ(all.steps[0].command, "a one");
  EXPECT_THAT(all.steps[0].agent_query_rules, ElementsAre("queue=first"));
  EXPECT_EQ(all.steps[0].priority, 3);
  EXPECT_EQ(all.steps[1].command, "b two ") << "a document uses its own variables only";
  EXPECT_THAT(all.steps[1].agent_query_rules, IsEmpty());
  EXPECT_EQ(all.steps[1].priority, 0);
  EXPECT_EQ(all.steps[2].command, "c");
  EXPECT_THAT(all.env, ElementsAre(Pair("A", "two"), Pair("B", "1")));
  EXPECT_EQ(all.notifications.size(), 2u);
}

TEST(Parse, GivesEachDocumentTheVariablesOfTheBuildAsTheyWere) {
  const auto all = parsed(
      "env: {A: one, \"A$N\": two, B: new}\nsteps: [command: $A $A1 $B]\n---\n"
      "steps: [command: $A $A1 $B.]\n",
      {{"A", "build"}, {"N", "1"}});
  ASSERT_EQ(all.steps.size(), 2u);
  EXPECT_EQ(all.steps[0].command, "one two new");
  EXPECT_EQ(all.steps[1].command, "build  .");
  const auto twice =
      parsed("env: {A: one, \"${N}A\": two}\nsteps: [wait]\n---\nsteps: [command: $A]\n",
             {{"A", "build"}});
  EXPECT_THAT(twice.env, ElementsAre(Pair("A", "two")));
  EXPECT_EQ(twice.steps.back().command, "build");
}

TEST(Parse, AcceptsKeysUpToAHundredCharacters) {
  EXPECT_EQ(step("- {command: a, key: " + std::string(100, 'k') + "}").key.size(), 100u);
  EXPECT_EQ(step("- {command: a, key: \"a-b_c:d.e,f\"}").key, "a-b_c:d.e,f");
}

}  // namespace
}  // namespace ostler::pipeline
