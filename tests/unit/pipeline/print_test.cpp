// SPDX-License-Identifier: Apache-2.0
#include "pipeline/print.hpp"

#include <gtest/gtest.h>

#include <random>

#include "pipeline/parse.hpp"

namespace ostler::pipeline {
namespace {

model::PipelineDefinition printed_and_parsed(const model::PipelineDefinition& definition) {
  auto parsed = parse(print(definition), {{"A", "must not be seen"}});
  if (parsed) return std::move(parsed).value();
  ADD_FAILURE() << parsed.error().message();
  return {};
}

std::string command_after(const std::string& command) {
  model::PipelineDefinition definition;
  definition.steps.resize(1);
  definition.steps[0].command = command;
  return printed_and_parsed(definition).steps.at(0).command;
}

TEST(Print, KeepsEveryPartOfADefinition) {
  auto original = parse(R"yaml(
env: {X: "a b", Y: "$$A"}
steps:
  - {command: [a, "$$A"], key: k, label: "L: $$(x)", env: {E: "1"}, agents: {q: "1", r: x},
     artifact_paths: "a;b", timeout_in_minutes: 3, allow_dependency_failure: true,
     retry: {automatic: [{signal: SIGKILL, limit: 1}, {exit_status: [1, -1]}, {exit_status: "*"}],
             manual: {allowed: false, permit_on_passed: true, reason: "$$A"}}}
  - {wait: "W", key: w}
  - {command: b, depends_on: [k, {step: w, allow_failure: true}]}
  - {command: c, depends_on: [], parallelism: 3, priority: -1, soft_fail: [{exit_status: 2}]}
  - type: command
  - {command: d, skip: true, soft_fail: true, matrix: {setup: [a, "$$A"],
     adjustments: [{with: b, skip: "why", soft_fail: [{exit_status: 1}]}]}}
  - block: "Go $$A?"
    key: go
    prompt: "$$A?"
    submit: Now
    blocked_state: running
    allowed_teams: [a, b]
    fields:
      - {text: T, key: t, hint: "$$A", required: false, default: "$$A", format: "[0-9]+$$"}
      - {select: S, key: s/1, multiple: true, default: [x, "$$A"],
         options: [{label: X, value: x}, {label: "$$A", value: "$$A"}]}
  - input
  - {trigger: t, async: true, parallelism: 2, soft_fail: true, skip: why, label: "$$A", build: {
     branch: b, commit: c, message: "$$A", env: {E: "$$A"}, meta_data: {m: "1"}}}
  - {command: e, concurrency: 2, concurrency_group: "g$$A", concurrency_method: eager,
     cancel_on_build_failing: true}
  - {command: d, skip: why, matrix: {setup: {os: [a], x: [1]}, adjustments: [{with: {x: 1, os: b}}]}}
)yaml",
                        {});
  ASSERT_TRUE(original);
  const auto again = printed_and_parsed(original.value());
  EXPECT_EQ(print(again), print(original.value()));
  EXPECT_EQ(again.env, original.value().env);
  ASSERT_EQ(again.steps.size(), 11u);
  EXPECT_EQ(again.steps[0].command, "a\n$A");
  EXPECT_EQ(again.steps[0].agent_query_rules, original.value().steps[0].agent_query_rules);
  EXPECT_EQ(again.steps[0].timeout_in_minutes, 3);
  EXPECT_EQ(again.steps[0].retry, original.value().steps[0].retry);
  EXPECT_EQ(again.steps[0].retry.automatic.size(), 3u);
  for (std::size_t at = 0; at < again.steps.size(); ++at) {
    EXPECT_EQ(again.steps[at].matrix, original.value().steps[at].matrix);
    EXPECT_EQ(again.steps[at].soft_fail, original.value().steps[at].soft_fail);
    EXPECT_EQ(again.steps[at].gate, original.value().steps[at].gate);
    EXPECT_EQ(again.steps[at].skip, original.value().steps[at].skip);
    EXPECT_EQ(again.steps[at].parallelism, original.value().steps[at].parallelism);
    EXPECT_EQ(again.steps[at].concurrency, original.value().steps[at].concurrency);
    EXPECT_EQ(again.steps[at].cancel_on_build_failing,
              original.value().steps[at].cancel_on_build_failing);
    EXPECT_EQ(again.steps[at].priority, original.value().steps[at].priority);
  }
  EXPECT_EQ(again.steps[1].kind, model::StepKind::Wait);
  EXPECT_EQ(again.steps[6].gate->fields.at(0).format, "[0-9]+$");
  EXPECT_EQ(again.steps[6].gate->fields.at(1).defaults.at(1), "$A");
  EXPECT_EQ(again.steps[1].label, "W");
  EXPECT_FALSE(again.steps[0].depends_on);
  EXPECT_TRUE(again.steps[2].depends_on->at(1).allow_failure);
  EXPECT_TRUE(again.steps[3].depends_on->empty());
}

TEST(Print, GivesTextBackThatInterpolationWouldChange) {
  for (const char* text : {"$A", "${A}", "$$A", "\\$A", "\\\\$A", "\\\\\\$A", "$", "\\", "$(A)",
                           "${A:-${B}}", "\\${A", "}$A{", "a\\\\"}) {
    EXPECT_EQ(command_after(text), text);
  }
}

TEST(Print, KeepsTheTextsOfNumbersOfPlugins) {
  const auto original = parse("[{plugins: [{./p: {a: 1.10, b: 18446744073709551616}}]}]", {});
  ASSERT_TRUE(original) << original.error().message();
  const std::string plugins = printed_and_parsed(original.value()).steps.at(0).carried.plugins;
  EXPECT_EQ(plugins, R"([{"./p":{"a":1.10,"b":18446744073709551616}}])");
}

TEST(Print, GivesAnyTextBack) {
  std::mt19937 random(20260101);
  constexpr std::string_view kBytes = "$$\\\\{}()A:-?\"'\n x";
  for (int round = 0; round < 2'000; ++round) {
    std::string text = "x";
    for (auto i = random() % 12; i > 0; --i) text += kBytes[random() % kBytes.size()];
    ASSERT_EQ(command_after(text), text);
  }
}

}  // namespace
}  // namespace ostler::pipeline
