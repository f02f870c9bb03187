// SPDX-License-Identifier: Apache-2.0
// What a step says of how many jobs it becomes, and of their failures.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/parse.hpp"

namespace ostler::pipeline {
namespace {

using model::MatrixValues;
using model::SoftFail;
using model::StepDefinition;
using testing::HasSubstr;

StepDefinition step_with(const std::string& attributes) {
  const auto parsed = parse("- {command: a, " + attributes + "}\n", {}, "p.yml");
  if (parsed) return parsed.value().steps.at(0);
  ADD_FAILURE() << attributes << ": " << parsed.error().message();
  return {};
}
std::string fault_with(const std::string& attributes) {
  const auto parsed = parse("- {command: a, " + attributes + "}\n", {}, "p.yml");
  return parsed ? "parsed" : parsed.error().message();
}
std::string soft_fail_with(int statuses) {
  std::string list;
  for (int i = 0; i < statuses; ++i) list += "{exit_status: " + std::to_string(i % 256) + "}, ";
  return "soft_fail: [" + list + "]";
}

TEST(StepJobsReader, TakesNumbers) {
  EXPECT_EQ(step_with("parallelism: 5").parallelism, 5);
  EXPECT_EQ(step_with("parallelism: \"0\"").parallelism, 0);
  EXPECT_EQ(step_with("priority: -3").priority, -3);
  EXPECT_THAT(fault_with("parallelism: -1"), HasSubstr("a whole number from 0"));
  EXPECT_THAT(fault_with("parallelism: 10001"), HasSubstr("to 10000"));
  EXPECT_THAT(fault_with("priority: high"), HasSubstr("whole number"));
}

TEST(StepJobsReader, TakesEveryFormOfSoftFail) {
  EXPECT_EQ(step_with("soft_fail: true").soft_fail, SoftFail{.any = true});
  EXPECT_EQ(step_with("soft_fail: \"false\"").soft_fail, SoftFail());
  EXPECT_EQ(step_with("soft_fail: [{exit_status: 1}, {exit_status: 42}]").soft_fail,
            (SoftFail{.exit_statuses = {1, 42}}));
  EXPECT_EQ(step_with("soft_fail: [{exit_status: \"*\"}]").soft_fail, SoftFail{.any = true});
  EXPECT_EQ(step_with(soft_fail_with(256)).soft_fail.exit_statuses.size(), 256u);
  EXPECT_THAT(fault_with(soft_fail_with(257)), HasSubstr("more than 256 exit statuses"));
  EXPECT_THAT(fault_with("soft_fail: [1]"), HasSubstr("list of rules"));
  EXPECT_THAT(fault_with("soft_fail: [{status: 1}]"), HasSubstr("use exit_status"));
}

TEST(StepJobsReader, TakesSkipAsAnAnswerOrAReason) {
  EXPECT_EQ(step_with("skip: true").skip, "");
  EXPECT_EQ(step_with("skip: not today").skip, "not today");
  EXPECT_EQ(step_with("skip: false").skip, std::nullopt);
  EXPECT_EQ(step_with("skip: \"\"").skip, std::nullopt);
  EXPECT_THAT(fault_with("skip: " + std::string(71, 'x')), HasSubstr("more than 70 characters"));
}

TEST(StepJobsReader, TakesEveryFormOfMatrix) {
  const auto simple = *step_with("matrix: [a, 2, true]").matrix;
  EXPECT_EQ(simple.dimensions, (std::vector<model::MatrixDimension>{{"", {"a", "2", "true"}}}));
  const auto list =
      *step_with("matrix: {setup: [a], adjustments: [{with: b}, {with: [c]}]}").matrix;
  EXPECT_EQ(list.adjustments.at(0).with, (MatrixValues{{"", "b"}}));
  EXPECT_EQ(list.adjustments.at(1).with, (MatrixValues{{"", "c"}}));
  const auto map = *step_with(
                        "matrix: {setup: {os: [x, y], 1: [z]}, adjustments: [{with: {1: z, os: y}, "
                        "skip: why}, {with: {os: w, 1: q}, soft_fail: true}]}")
                        .matrix;
  EXPECT_EQ(map.adjustments.at(0).with, (MatrixValues{{"os", "y"}, {"1", "z"}}));
  EXPECT_EQ(map.adjustments.at(0).skip, "why");
  EXPECT_TRUE(map.adjustments.at(1).soft_fail->any);
  EXPECT_EQ(combinations_of(map).size(), 3u);
  EXPECT_EQ(combinations_of(
                *step_with("matrix: {setup: {os: []}, adjustments: [{with: {os: a}}]}").matrix)
                .size(),
            1u);
}

TEST(StepJobsReader, HoldsAMatrixToItsLimits) {
  const std::string ten = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]";
  EXPECT_THAT(fault_with("matrix: {setup: {a: " + ten + ", b: " + ten + "}}"),
              HasSubstr("50 jobs"));
  EXPECT_THAT(fault_with("matrix: [" + std::string(129, 'x') + "]"), HasSubstr("128 bytes"));
  EXPECT_THAT(
      fault_with("matrix: {setup: {a: [1], b: [1], c: [1], d: [1], e: [1], f: [1], g: [1]}}"),
      HasSubstr("at most 6 dimensions"));
  EXPECT_THAT(fault_with("matrix: []"), HasSubstr("has no values"));
  EXPECT_THAT(fault_with("matrix: {adjustments: []}"), HasSubstr("has no setup"));
  EXPECT_THAT(fault_with("matrix: {setup: {a: [1]}, adjustments: [{with: {b: 1}}]}"),
              HasSubstr("one value for each dimension"));
  EXPECT_THAT(fault_with("matrix: [a], parallelism: 2"), HasSubstr("do not go together"));
}

TEST(StepJobsReader, RefusesATokenOfNoDimension) {
  EXPECT_THAT(fault_with("label: \"{{matrix.os}}\", matrix: [a]"),
              HasSubstr("{{matrix.os}} names no dimension"));
  EXPECT_THAT(fault_with("env: {A: \"{{matrix}}\"}, matrix: {setup: {os: [a]}}"),
              HasSubstr("{{matrix}} names no dimension"));
  EXPECT_EQ(step_with("label: \"{{matrix}}\"").label, "{{matrix}}") << "no matrix, no token";
}

}  // namespace
}  // namespace ostler::pipeline
