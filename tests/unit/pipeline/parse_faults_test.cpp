// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "pipeline/parse.hpp"

namespace ostler::pipeline {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string fault(std::string_view yaml, const model::Variables& env = {}) {
  const auto result = parse(yaml, env, "p.yml");
  if (result) return "parsed";
  EXPECT_EQ(result.error().code(), Errc::UserFault);
  return result.error().message();
}

TEST(ParseFaults, SayFileLineColumnAndWhatToDo) {
  EXPECT_EQ(fault("steps:\n  - comand: make\n"),
            "p.yml:2:5: unknown key \"comand\" in step 1; did you mean \"command\"?");
  EXPECT_EQ(fault("steps:\n  - command: make\n    lable: x\n"),
            "p.yml:3:5: unknown key \"lable\" in a command step; did you mean \"label\"?");
}

TEST(ParseFaults, NameAllOfThemInOrder) {
  const std::string all = fault(
      "steps:\n- {command: a, key: \"bad key\"}\n- {command: b, timeout_in_minutes: 0}\n"
      "- {command: c, depends_on: nobody}\n- {command: d, secrets: ~}\n");
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 3);
  EXPECT_THAT(all, StartsWith("p.yml:2:21: the key \"bad key\""));
  EXPECT_THAT(all, HasSubstr("\np.yml:3:"));
  EXPECT_THAT(all, HasSubstr("\np.yml:4:28: depends_on names \"nobody\""));
  EXPECT_THAT(all, HasSubstr("\np.yml:5:25: secrets must be a list"));
}

TEST(ParseFaults, NameEachFaultOnce) {
  EXPECT_EQ(fault("- {type: [a]}\n"), "p.yml:1:10: type must be text; write it as one value");
  EXPECT_EQ(
      fault("- {command: a, timeout: 1, timeout_in_minutes: 2}\n- {command: b, matrix: []}\n"),
      "p.yml:1:28: \"timeout_in_minutes\" is given already under another name; keep one\n"
      "p.yml:2:24: matrix has no values; write one, or remove it");
  EXPECT_EQ(fault("- {command: a, timeout_in_minutes: 99999999999}\n"),
            "p.yml:1:36: timeout_in_minutes must be a whole number from 1 to 2147483647");
}

TEST(ParseFaults, AreThoseOfEveryDocument) {
  EXPECT_EQ(fault("- {command: a, lable: x}\n---\n- wait\n- {command: b, depends_on: nobody}\n"),
            "p.yml:1:16: unknown key \"lable\" in a command step; did you mean \"label\"?\n"
            "p.yml:4:28: depends_on names \"nobody\", but no step has that key; give a step that "
            "key, or remove the dependency");
  EXPECT_EQ(fault("steps: []\n---\nhello\n"),
            "p.yml:3:1: this is no pipeline; write \"steps:\" and a list of steps");
  EXPECT_THAT(fault("- {command: a, depends_on: b}\n---\n- {command: b, key: b\n"),
              StartsWith("p.yml:4:1: unreadable YAML: "));
}

TEST(ParseFaults, SayWhereTheYamlIsUnreadable) {
  EXPECT_THAT(fault("steps:\n  - command: a: b\n"), StartsWith("p.yml:2:"));
  EXPECT_EQ(fault("steps:\n\t- command: a\n"),
            "p.yml:2:2: unreadable YAML: a tab in the indentation; indent with spaces");
  EXPECT_THAT(fault("steps: [\n"), StartsWith("p.yml:"));
  EXPECT_THAT(fault("- {command: \"a\n"), StartsWith("p.yml:"));
  EXPECT_THAT(fault("- command: *nobody\n"), StartsWith("p.yml:1:12: "));
  EXPECT_THAT(fault("- command: !fancy x\n"), HasSubstr("unknown tag"));
}

TEST(ParseFaults, RefuseWhatIsNoPipeline) {
  EXPECT_THAT(fault(""), HasSubstr("steps:"));
  EXPECT_THAT(fault("# only a comment\n"), HasSubstr("steps:"));
  EXPECT_THAT(fault("~"), HasSubstr("steps:"));
  EXPECT_THAT(fault("hello"), HasSubstr("steps:"));
  EXPECT_THAT(fault("env: {}\n"), HasSubstr("has no steps"));
  EXPECT_THAT(fault("step:\n- command: a\n"), HasSubstr("did you mean \"steps\"?"));
  EXPECT_THAT(fault("steps: {command: a}\n"), HasSubstr("must be a list"));
  EXPECT_THAT(fault("steps: hello\n"), HasSubstr("must be a list"));
}

TEST(ParseFaults, RefuseWhatIsNoStep) {
  for (const char* yaml : {"- ~", "- hello", "- []", "- 3", "- {}", "- {label: x}", "- command",
                           "- trigger", "- {type: [x], command: a}", "- type: fancy"}) {
    EXPECT_THAT(fault(yaml), StartsWith("p.yml:1:")) << yaml;
  }
}

TEST(ParseFaults, SayWhatIsWrongWithATrigger) {
  EXPECT_THAT(fault("- type: trigger"), HasSubstr("write \"trigger: <slug>\""));
  EXPECT_THAT(fault("- trigger: ~"), HasSubstr("needs the slug of a pipeline"));
  EXPECT_THAT(fault("- trigger: Not a slug"), HasSubstr("is no slug of a pipeline"));
  EXPECT_THAT(fault("- {trigger: a, build: b}"), HasSubstr("build must be a mapping"));
  EXPECT_THAT(fault("- {trigger: a, build: {brunch: b}}"), HasSubstr("did you mean \"branch\"?"));
  EXPECT_THAT(fault("- {trigger: a, build: {x: b}}"), HasSubstr("use branch, commit, message"));
  EXPECT_THAT(fault("- {trigger: a, command: b}"), HasSubstr("unknown key \"trigger\""));
}

TEST(ParseFaults, RefuseTheSameKeyTwice) {
  EXPECT_EQ(fault("- command: a\n  command: b\n"),
            "p.yml:2:3: \"command\" is already given in line 1; keep one");
  EXPECT_THAT(fault("- {command: a, commands: b}"), HasSubstr("a second time"));
  EXPECT_THAT(fault("- {command: a, label: b, name: c}"), HasSubstr("a second time"));
  EXPECT_THAT(fault("- {command: a, env: {A: 1, A: 2}}"), HasSubstr("already given"));
}

TEST(ParseFaults, RefuseUnfitKeysOfSteps) {
  EXPECT_THAT(fault("- {command: a, key: " + std::string(101, 'k') + "}"), HasSubstr("longer"));
  EXPECT_THAT(fault("- {command: a, key: \"a b\"}"), HasSubstr("may hold only"));
  EXPECT_THAT(fault("- {command: a, key: 0190b4c2-1b7a-7c3e-8b1d-0123456789ab}"),
              HasSubstr("UUID"));
  EXPECT_THAT(fault("- {command: a, key: k}\n- {wait: ~, key: k}\n"),
              HasSubstr("p.yml:2:13: the key \"k\" has already been used by another step in this "
                        "build (step 1)"));
}

TEST(ParseFaults, RefuseUnfitDependencies) {
  EXPECT_THAT(fault("- {command: a, key: build}\n- {command: b, depends_on: biuld}\n"),
              HasSubstr("did you mean \"build\"?"));
  for (const char* value : {"[~]", "[[a]]", "{step: a, x: y}", "[{allow_failure: true}]",
                            "[{step: a, allow_failure: maybe}]", "\"\""}) {
    EXPECT_THAT(
        fault(std::string("- {command: a, key: a}\n- {command: b, depends_on: ") + value + "}\n"),
        StartsWith("p.yml:2:"))
        << value;
  }
}

TEST(ParseFaults, RefuseValuesOfTheWrongShape) {
  for (const char* entry : {"label: [x]",
                            "label: {x: y}",
                            "key: [x]",
                            "env: [A=1]",
                            "env: text",
                            "env: {A: [1]}",
                            "env: {A: {B: 1}}",
                            "env: {\"\": 1}",
                            "env: {\"A=B\": 1}",
                            "agents: linux",
                            "agents: [linux]",
                            "agents: {queue: [a]}",
                            "artifact_paths: {a: b}",
                            "artifact_paths: [[a]]",
                            "timeout_in_minutes: 0",
                            "timeout_in_minutes: -1",
                            "timeout_in_minutes: 1.5",
                            "timeout_in_minutes: soon",
                            "timeout_in_minutes: ~",
                            "timeout_in_minutes: [1]",
                            "timeout_in_minutes: 99999999999",
                            "allow_dependency_failure: maybe",
                            "allow_dependency_failure: ~",
                            "commands: [x]",
                            "wait: ~",
                            "<<: text",
                            "<<: [[x]]",
                            "[a]: b",
                            "~: b"}) {
    EXPECT_THAT(fault(std::string("- {command: a, ") + entry + "}\n"), StartsWith("p.yml:1:"))
        << entry;
  }
}

TEST(ParseFaults, SayWhichVariableIsNotSet) {
  EXPECT_EQ(fault("- command: a\n  label: \"${VERSION?pass one}\"\n"),
            "p.yml:2:10: $VERSION: pass one");
  EXPECT_THAT(fault("env:\n  A: ${\nsteps: []\n"), StartsWith("p.yml:2:6: "));
}

}  // namespace
}  // namespace ostler::pipeline
