// SPDX-License-Identifier: Apache-2.0
// Blocks and inputs. Source: reference/pipeline-yaml.md 2.1, 5.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/gate_answer.hpp"
#include "pipeline/parse.hpp"

namespace ostler::pipeline {
namespace {

using model::GateField;
using model::StepDefinition;
using model::StepKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

StepDefinition step_of(const std::string& yaml) {
  auto parsed = parse("- " + yaml + "\n", {{"A", "a"}}, "p.yml");
  if (parsed) return std::move(parsed).value().steps.at(0);
  ADD_FAILURE() << yaml << ": " << parsed.error().message();
  return {};
}

std::string fault_of(const std::string& yaml) {
  const auto parsed = parse("- " + yaml + "\n", {}, "p.yml");
  return parsed ? "parsed" : parsed.error().message();
}

GateField field_of(const std::string& yaml) {
  const auto step = step_of("{block: x, fields: [" + yaml + "]}");
  return step.gate ? step.gate->fields.at(0) : GateField();
}

std::string field_fault(const std::string& yaml) {
  return fault_of("{block: x, fields: [" + yaml + "]}");
}

TEST(Gates, TakeEveryFormOfAStep) {
  struct Form {
    const char* yaml;
    StepKind kind;
    const char* label;
  };
  for (const auto& [yaml, kind, label] : {
           Form{"block", StepKind::Block, ""},
           Form{"manual", StepKind::Block, ""},
           Form{"input", StepKind::Input, ""},
           Form{"block: Go?", StepKind::Block, "Go?"},
           Form{"manual: Go?", StepKind::Block, "Go?"},
           Form{"input: Go?", StepKind::Input, "Go?"},
           Form{"{block: ~, label: Go}", StepKind::Block, "Go"},
           Form{"{block: Go, name: Now}", StepKind::Block, "Now"},
           Form{"block: {label: Go}", StepKind::Block, "Go"},
           Form{"input: {label: Go, prompt: p}", StepKind::Input, "Go"},
           Form{"type: block", StepKind::Block, ""},
           Form{"type: manual", StepKind::Block, ""},
           Form{"{type: input, label: Go}", StepKind::Input, "Go"},
           Form{"{block: \"$A\"}", StepKind::Block, "a"},
       }) {
    const auto step = step_of(yaml);
    EXPECT_EQ(step.kind, kind) << yaml;
    EXPECT_EQ(step.label, label) << yaml;
    ASSERT_TRUE(step.gate) << yaml;
    EXPECT_EQ(step.gate->submit, "Continue");
  }
}

TEST(Gates, TakeEveryAttribute) {
  const auto step = step_of(
      "{block: Go, identifier: k, prompt: Sure, submit: Yes, blocked_state: failed, "
      "allowed_teams: ops, depends_on: ~, allow_dependency_failure: true}");
  EXPECT_EQ(step.key, "k");
  EXPECT_EQ(step.gate->prompt, "Sure");
  EXPECT_EQ(step.gate->submit, "Yes");
  EXPECT_EQ(step.gate->blocked_state, model::BlockedState::Failed);
  EXPECT_THAT(step.gate->allowed_teams, ElementsAre("ops"));
  EXPECT_TRUE(step.depends_on && step.depends_on->empty());
  EXPECT_TRUE(step.allow_dependency_failure);
  EXPECT_EQ(step_of("{input: x, blocked_state: running}").gate->blocked_state,
            model::BlockedState::Running);
}

TEST(Gates, TakeFields) {
  const auto text = field_of(
      "{text: Name, key: a-b_c/1, hint: H, required: \"false\", default: 7, format: '\\d+'}");
  EXPECT_EQ(text, (GateField{.key = "a-b_c/1",
                             .label = "Name",
                             .hint = "H",
                             .is_required = false,
                             .defaults = {"7"},
                             .format = "\\d+",
                             .options = {}}));
  const auto select = field_of(
      "{select: Where, key: -w, multiple: true, default: [a, b], options: [{label: A, value: a}, "
      "{label: B, value: b, hint: h, required: true}]}");
  EXPECT_EQ(select, (GateField{.kind = model::GateFieldKind::Select,
                               .key = "-w",
                               .label = "Where",
                               .hint = "",
                               .defaults = {"a", "b"},
                               .format = "",
                               .options = {{"A", "a"}, {"B", "b"}},
                               .is_multiple = true}));
  EXPECT_THAT(
      field_of("{select: W, key: 1w, default: \"\", options: [{label: A, value: a}]}").defaults,
      ElementsAre());
}

TEST(Gates, SayWhatIsWrongWithThem) {
  EXPECT_EQ(fault_of("{block: x, promt: y}"),
            "p.yml:1:14: unknown key \"promt\" in a block step; did you mean \"prompt\"?");
  EXPECT_THAT(fault_of("{input: x, skip: true}"), HasSubstr("in an input step"));
  EXPECT_THAT(fault_of("{block: x, input: y}"), HasSubstr("a second time"));
  EXPECT_THAT(fault_of("{block: x, blocked_state: blue}"), HasSubstr("passed, failed or running"));
  EXPECT_THAT(fault_of("{block: x, fields: {a: b}}"), HasSubstr("must be a list"));
  EXPECT_THAT(field_fault("{key: a}"), HasSubstr("text: or select:"));
  EXPECT_THAT(field_fault("~"), HasSubstr("text: or select:"));
  EXPECT_THAT(field_fault("{text: a}"), HasSubstr("must have a key"));
  EXPECT_THAT(field_fault("{text: a, key: a b}"), HasSubstr("letters, digits"));
  EXPECT_THAT(field_fault("{text: a, key: a}, {text: b, key: a}"), HasSubstr("two fields"));
  EXPECT_THAT(field_fault("{text: a, key: a, options: []}"),
              HasSubstr("unknown key \"options\" in a text field"));
  EXPECT_THAT(field_fault("{text: a, key: a, requird: true}"), HasSubstr("mean \"required\"?"));
  EXPECT_THAT(field_fault("{text: a, key: a, required: yes}"), HasSubstr("true or false"));
  EXPECT_EQ(field_fault("{text: a, key: a, format: '(?!x)'}"),
            "p.yml:1:49: format is no regular expression that can be used: invalid perl operator: "
            "(?!; see https://github.com/google/re2/wiki/Syntax");
  EXPECT_THAT(field_fault("{select: a, key: a}"), HasSubstr("must have options"));
  EXPECT_THAT(field_fault("{select: a, key: a, options: [x]}"), HasSubstr("a label and a value"));
  EXPECT_THAT(field_fault("{select: a, key: a, options: {label: x, value: x}}"),
              HasSubstr("must be a list"));
  EXPECT_THAT(field_fault("{select: a, key: a, default: y, options: [{label: X, value: x}]}"),
              HasSubstr("the value of no option"));
  EXPECT_THAT(field_fault("{select: a, key: a, default: [x, y], options: [{label: X, value: x}, "
                          "{label: Y, value: y}]}"),
              HasSubstr("multiple: true"));
  EXPECT_THAT(field_fault("{select: a, key: a, options: [{label: X, value: x}, "
                          "{label: Y, value: x}]}"),
              HasSubstr("two options"));
}

std::string fault_in(const GateField& field, std::string_view answer) {
  return fault_in_answer(field, answer).value_or("fine");
}

TEST(GateAnswer, IsCheckedByItsField) {
  const GateField text = field_of("{text: a, key: a, format: 'v\\d|x'}");
  EXPECT_EQ(fault_in(text, "v1"), "fine");
  EXPECT_EQ(fault_in(text, "x"), "fine");
  EXPECT_EQ(fault_in(text, "v12"), "must match v\\d|x") << "at both ends, alternatives too";
  EXPECT_EQ(fault_in(text, "yx"), "must match v\\d|x");
  EXPECT_EQ(fault_in(text, " \n"), "is required");
  EXPECT_EQ(fault_in(field_of("{text: a, key: a, required: false, format: x}"), ""), "fine");
  const std::string options = "options: [{label: A, value: a}, {label: B, value: b}]";
  const GateField one = field_of("{select: a, key: a, " + options + "}");
  EXPECT_EQ(fault_in(one, "a"), "fine");
  EXPECT_EQ(fault_in(one, "A"), "must be one of a, b");
  EXPECT_EQ(fault_in(one, "a\nb"), "takes one value only");
  const GateField many = field_of("{select: a, key: a, multiple: true, " + options + "}");
  EXPECT_EQ(fault_in(many, "a\nb"), "fine");
  EXPECT_EQ(fault_in(many, "a\nc"), "must be one of a, b");
}

TEST(GateAnswer, HasAValueForEveryField) {
  const auto gate = *step_of(
                         "{block: x, fields: [{text: a, key: a}, {text: b, key: b, default: B}, "
                         "{text: c, key: c, "
                         "required: false}]}")
                         .gate;
  const auto answer = answer_gate(gate, {{"a", "one\r\ntwo\rthree"}});
  EXPECT_TRUE(answer.faults.empty());
  EXPECT_THAT(answer.values,
              ElementsAre(Pair("a", "one\ntwo\nthree"), Pair("b", "B"), Pair("c", "")));
  const auto emptied = answer_gate(gate, {{"a", "x"}, {"b", ""}});
  ASSERT_EQ(emptied.faults.size(), 1u) << "a default is for those who say nothing";
  EXPECT_EQ(emptied.faults[0].key, "b");
  const auto wrong = answer_gate(gate, {{"d", "x"}});
  ASSERT_EQ(wrong.faults.size(), 2u);
  EXPECT_EQ(wrong.faults[0].text, "is required");
  EXPECT_EQ(wrong.faults[1].text, "is not asked for; the fields are a, b, c");
}

}  // namespace
}  // namespace ostler::pipeline
