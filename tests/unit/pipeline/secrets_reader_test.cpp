// SPDX-License-Identifier: Apache-2.0
// Source: reference/pipeline-yaml.md 15.1.
#include "pipeline/secrets_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/parse.hpp"
#include "pipeline/print.hpp"

namespace ostler::pipeline {
namespace {

using testing::HasSubstr;

std::string secrets(const std::string& of_step, const std::string& top = "") {
  const auto read = parse(top + "\nsteps: [{command: a, label: L" + of_step + "}]", {{"V", "W"}});
  if (!read) return read.error().message();
  const auto again = parse(print(read.value()), {});
  EXPECT_EQ(again.value().steps[0].carried.secrets, read.value().steps[0].carried.secrets);
  return read.value().steps[0].carried.secrets;
}

TEST(Secrets, AreKeysOrVariablesWithKeys) {
  EXPECT_EQ(secrets(", secrets: [API, db_2]"), R"([{"key":"API","environment_variable":"API"},)"
                                               R"({"key":"db_2","environment_variable":"db_2"}])");
  EXPECT_EQ(secrets(", secrets: {TOKEN: api, OTHER: \"${V}x\"}"),
            R"([{"key":"api","environment_variable":"TOKEN"},)"
            R"({"key":"Wx","environment_variable":"OTHER"}])");
  EXPECT_EQ(secrets(", secrets: [{key: api, environment_variable: TOKEN}]"),
            R"([{"key":"api","environment_variable":"TOKEN"}])");
  EXPECT_EQ(secrets(", secrets: []"), "");
}

TEST(Secrets, MayHoldTokensOfTheMatrix) {
  EXPECT_EQ(
      secrets(", matrix: {setup: {os: [a]}}, secrets: {\"T_{{matrix.os}}\": \"K{{ matrix.os }}\"}"),
      R"([{"key":"K{{ matrix.os }}","environment_variable":"T_{{matrix.os}}"}])");
  EXPECT_THAT(secrets(", matrix: [a], secrets: [\"{{matrix}}-\"]"),
              HasSubstr("is no key of a secret"));
}

TEST(Secrets, OfThePipelineAreEveryStepsWhichMayNameOthersForAVariable) {
  EXPECT_EQ(secrets("", "secrets: [A]"), R"([{"key":"A","environment_variable":"A"}])");
  EXPECT_EQ(secrets(", secrets: {B: b, A: other}", "secrets: [A, C]"),
            R"([{"key":"other","environment_variable":"A"},)"
            R"({"key":"C","environment_variable":"C"},)"
            R"({"key":"b","environment_variable":"B"}])");
  EXPECT_EQ(parse("secrets: [A]\nsteps: [wait, {trigger: t}]", {}).value().steps[1].carried.secrets,
            "");
}

TEST(Secrets, AreBoundedInNumberAndTogether) {
  std::string many = "[";
  for (int i = 0; i < 50'000; ++i) many += "s" + std::to_string(i) + ", ";
  EXPECT_THAT(secrets(", secrets: " + many + "a]"), HasSubstr("more than 100 secrets"));
  std::string steps = "checkout: {flags: {clone: \"" + std::string(200'000, 'x') + "\"}}\nsteps:\n";
  for (int i = 0; i < 3'000; ++i) steps += "- command: a\n";
  const auto read = parse(steps, {});
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message(), HasSubstr("longer than 8 MiB together"));
  EXPECT_THAT(secrets(", secrets: [" + std::string(256, 'a') + "]"), HasSubstr("no key"));
}

TEST(Secrets, NameTheirFaults) {
  EXPECT_THAT(secrets(", secrets: ~"), HasSubstr("secrets must be a list of keys"));
  EXPECT_THAT(secrets(", secrets: word"), HasSubstr("secrets must be a list of keys"));
  EXPECT_THAT(secrets(", secrets: [~]"), HasSubstr("a secret must be a key, or key:"));
  EXPECT_THAT(secrets(", secrets: {A: [b]}"), HasSubstr("a secret must be named by its key"));
  for (const char* key : {"1a", "a-b", "buildkite_x", "BK_x", "\"\""}) {
    EXPECT_THAT(secrets(", secrets: [" + std::string(key) + "]"),
                HasSubstr("is no key of a secret"))
        << key;
  }
  EXPECT_THAT(secrets(", secrets: {\"A B\": a}"), HasSubstr("\"A B\" is no name of a variable"));
  EXPECT_THAT(secrets(", secrets: [{key: a, variable: B}]"), HasSubstr("has no \"variable\""));
  EXPECT_THAT(secrets("", "secrets: [$V]"), HasSubstr("\"$V\" is no key of a secret"))
      << "nothing is interpolated there";
}

}  // namespace
}  // namespace ostler::pipeline
