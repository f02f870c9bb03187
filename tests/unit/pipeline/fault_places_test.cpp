// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/fault_list.hpp"
#include "pipeline/parse.hpp"
#include "pipeline/read_upload.hpp"

namespace ostler::pipeline {
namespace {

/// A pipeline with a fault, and how the rest of its line begins where the fault is.
struct BadPipeline {
  std::string yaml;
  std::string_view culprit;
};

/// What stands at a place; nothing where there is none.
std::string_view text_at(std::string_view text, model::SourcePosition at) {
  if (at.line == 0) return {};
  for (int line = 1; line < at.line; ++line) text.remove_prefix(text.find('\n') + 1);
  text = text.substr(0, text.find('\n'));
  return text.substr(std::min(text.size(), static_cast<std::size_t>(at.column) - 1));
}

void expect_one_fault(const FaultList& faults, const BadPipeline& bad) {
  ASSERT_EQ(faults.count(), 1u) << bad.yaml << faults.error().message();
  const auto fault = faults.in_order()[0];
  EXPECT_GT(fault.at.line, 0) << bad.yaml;
  EXPECT_TRUE(text_at(bad.yaml, fault.at).starts_with(bad.culprit))
      << bad.yaml << fault.line << "\nthere: " << text_at(bad.yaml, fault.at);
}

std::string step_with(const std::string& line) { return "- command: a\n  " + line + "\n"; }

/// One more than there may be, which is `last`.
std::string step_with_soft_failures(const std::string& last) {
  std::string list;
  for (int i = 0; i < 256; ++i) list += "{exit_status: 1}, ";
  return step_with("soft_fail: [" + list + last + "]");
}

const std::vector<BadPipeline>& bad_pipelines() {
  static const std::vector<BadPipeline> all = {
      // the text
      {"- command: \"\xFF\"\n", "\xFF"},
      {"- command: a\n\tkey: b\n", "\tkey"},
      {"- command: *nobody\n", "*nobody"},
      {"- command: !fancy x\n", "!fancy"},
      {"- command: a\n  command: b\n", "command: b"},
      {"- [a]: b\n  command: a\n", "[a]"},
      {"- <<: a\n  command: a\n", "<<"},
      {"hello\n", "hello"},
      {"env: {A: 1}\n", "env"},
      {"- command: ${A?}\n", "${A?}"},
      // the pipeline
      {"step: []\nsteps: []\n", "step"},
      {"steps: x\n", "x"},
      {"env: [A]\nsteps: []\n", "[A]"},
      {"env: {A: [b]}\nsteps: []\n", "[b]"},
      {"env: {A=B: c}\nsteps: []\n", "A=B"},
      {"agents: x\nsteps: []\n", "x"},
      {"agents: [x]\nsteps: []\n", "x"},
      {"priority: x\nsteps: []\n", "x"},
      {"image: [x]\nsteps: []\n", "[x]"},
      {"secrets: x\nsteps: []\n", "x"},
      {"checkout: true\nsteps: []\n", "true"},
      {"notify: x\nsteps: []\n", "x"},
      {"notify: [{webhok: x}]\nsteps: []\n", "webhok"},
      // steps of all kinds
      {"- comand: a\n", "comand"},
      {"- dance\n", "dance"},
      {"- [command]\n", "[command]"},
      {"- type: dance\n", "dance"},
      {step_with("lable: a"), "lable"},
      {step_with("name: a\n  label: b"), "label"},
      {step_with("key: a b"), "a b"},
      {step_with("key: me") + step_with("key: 'me'"), "key: 'me'"},
      {step_with("key: me") + "- group: g\n  key: 'me'\n  steps: [wait]\n", "'me'"},
      {step_with("label: [a]"), "[a]"},
      {step_with("if: a"), "a"},
      {step_with("if: build.branch == 'a'\n  branches: main"), "branches"},
      {step_with("depends_on: [[a]]"), "[a]"},
      {step_with("depends_on: {stp: a}"), "stp"},
      {step_with("depends_on: {allow_failure: true}"), "{allow_failure"},
      {step_with("depends_on: nobody"), "nobody"},
      {step_with("depends_on:\n    - step: nobody"), "step: nobody"},
      {step_with("key: me\n  depends_on: 'me'"), "'me'"},
      {step_with("key: k\n  depends_on: l") + step_with("key: l\n  depends_on: k"), "l"},
      {step_with("depends_on: l") + "- wait\n" + step_with("key: l"), "l"},
      {"- group: g\n  key: g\n  depends_on: l\n  steps: [wait]\n" +
           step_with("key: l\n  depends_on: g"),
       "l"},
      {step_with("allow_dependency_failure: x"), "x"},
      // commands
      {"- command: {a: b}\n", "a"},
      {step_with("agents: x"), "x"},
      {step_with("artifact_paths: {a: b}"), "{a"},
      {step_with("timeout_in_minutes: 0"), "0"},
      {step_with("parallelism: -1"), "-1"},
      {step_with("parallelism: 2\n  matrix: [a]"), "parallelism"},
      {step_with("matrix: []"), "[]"},
      {step_with("matrix: {setup: {a: [b]}, with: c}"), "with"},
      {step_with("matrix: [a]\n  label: \"{{matrix.os}}\""), "\"{{matrix.os}}\""},
      {step_with("concurrency: 1"), "concurrency"},
      {step_with("concurrency_group: g"), "concurrency_group"},
      {step_with("concurrency_method: eager"), "concurrency_method"},
      {step_with("concurrency: 0\n  concurrency_group: g"), "0"},
      {step_with("retry: x"), "x"},
      {step_with("retry: {automatic: [{exit_status: x}]}"), "x"},
      {step_with("soft_fail: [{exit: 1}]"), "exit"},
      {step_with_soft_failures("{exit_status: 2}"), "{exit_status: 2}"},
      {step_with("skip: [a]"), "[a]"},
      {step_with("env: x"), "x"},
      {step_with("plugins: x"), "x"},
      {step_with("secrets: ~"), "~"},
      {step_with("checkout: true"), "true"},
      {step_with("notify: [{slak: x}]"), "slak"},
      {step_with("cancel_on_build_failing: x"), "x"},
      {step_with("priority: x"), "x"},
      // the others
      {"- wait: ~\n  continue_on_failure: x\n", "x"},
      {"- wait: ~\n  command: x\n", "wait: ~"},
      {"- block: b\n  fields: x\n", "x"},
      {"- block: b\n  fields: [{txt: a, key: k}]\n", "{txt"},
      {"- block: b\n  fields: [{text: a}]\n", "{text"},
      {"- block: b\n  blocked_state: x\n", "x"},
      {"- input: b\n  fields: [{select: a, key: k}]\n", "{select"},
      {"- trigger: a\n  asyn: true\n", "asyn"},
      {"- trigger: a\n  async: x\n", "x"},
      {"- trigger: a\n  build: x\n", "x"},
      {"- trigger: a\n  build: {brnch: x}\n", "brnch"},
      {"- group: g\n", "group"},
      {"- group: g\n  stps: []\n  steps: [wait]\n", "stps"},
      {"- group: g\n  steps: [{group: h, steps: [wait]}]\n", "{group: h"},
      {"- group: g\n  key: a b\n  steps: [wait]\n", "a b"},
      {"- group: g\n  depends_on: nobody\n  steps: [wait]\n", "nobody"},
  };
  return all;
}

TEST(FaultPlaces, AreKnownOfEveryFault) {
  for (const BadPipeline& bad : bad_pipelines()) {
    FaultList faults("p.yml");
    EXPECT_FALSE(parse(bad.yaml, {}, faults)) << bad.yaml;
    expect_one_fault(faults, bad);
  }
}

TEST(FaultPlaces, MayBeBehindTheEndOfALine) {
  FaultList faults("p.yml");
  EXPECT_FALSE(parse(step_with("if: build.x =="), {}, faults));
  ASSERT_EQ(faults.count(), 1u);
  const model::SourcePosition at = faults.in_order()[0].at;
  EXPECT_EQ(at.line, 2);
  EXPECT_EQ(at.column, 17);
}

TEST(FaultPlaces, AreKnownOfEveryFaultBeforeAnUpload) {
  const BadPipeline all[] = {
      {"steps: x\n", "x"},
      {"env: [A]\nsteps: []\n", "[A]"},
      {"secrets: x\nsteps: []\n", "x"},
      {"- command: [a, [b]]\n", "[b]"},
      {step_with("env: {A: {b: c}}"), "{b"},
      {step_with("plugins: x"), "x"},
      {step_with("secrets: [1]"), "1"},
      {step_with("secrets: {A: [b]}"), "[b]"},
      {step_with("checkout: true"), "true"},
      {"- group: g\n  steps: x\n", "x"},
      {"- group: g\n  steps: [wait, {commands: a, env: [b]}]\n", "[b]"},
      {"- trigger: a\n  build: {env: [b]}\n", "[b]"},
  };
  for (const BadPipeline& bad : all) {
    FaultList faults("p.yml");
    read_upload(bad.yaml, {}, faults);
    expect_one_fault(faults, bad);
  }
}

TEST(FaultPlaces, SayWhereATextIsTooLong) {
  const std::string yaml = "steps: []\n#" + std::string(5u << 20, 'x');
  FaultList faults("p.yml");
  EXPECT_FALSE(parse(yaml, {}, faults));
  EXPECT_EQ(faults.in_order().at(0).at.line, 2);
}

}  // namespace
}  // namespace ostler::pipeline
