// SPDX-License-Identifier: Apache-2.0
#include "pipeline/step_reader.hpp"

#include <utility>
#include <vector>

#include "base/nearest_word.hpp"
#include "pipeline/concurrency_reader.hpp"
#include "pipeline/matrix_reader.hpp"
#include "pipeline/step_attributes.hpp"
#include "pipeline/step_kinds.hpp"

namespace ostler::pipeline {
namespace {

using model::StepKind;

std::string_view kind_name(StepKind kind) {
  switch (kind) {
    case StepKind::Command: return "a command step";
    case StepKind::Wait: return "a wait step";
    case StepKind::Block: return "a block step";
    case StepKind::Input: return "an input step";
    case StepKind::Trigger: return "a trigger step";
  }
  return "a step";
}

}  // namespace

std::optional<model::StepDefinition> StepReader::read(const YamlNode& node) {
  step_.at = node.at;
  if (node.kind == YamlNode::Kind::Scalar) return read_scalar(node);
  if (node.kind != YamlNode::Kind::Mapping) {
    complain_of_kind(node);
    return std::nullopt;
  }
  const auto kind = kind_of(node);
  if (!kind) return std::nullopt;
  begin(*kind);
  for (const YamlEntry& entry : flattened(node)) read_entry(entry);
  check_whole(node);
  return std::move(step_);
}

std::optional<model::StepDefinition> StepReader::read_scalar(const YamlNode& node) {
  const KindWord* word = kind_word(node.text);
  const bool is_step = word != nullptr && word->kind != StepKind::Command;
  if (!is_step || node.text == "trigger" || node.text == "group") {
    complain_of_kind(node);
    return std::nullopt;
  }
  begin(*word->kind);
  return std::move(step_);
}

void StepReader::begin(StepKind kind) {
  step_.kind = kind;
  if (is_gate(kind)) step_.gate.emplace();
  if (kind == StepKind::Trigger) step_.trigger.emplace();
}

std::optional<StepKind> StepReader::kind_of(const YamlNode& node) {
  if (const YamlEntry* type = entry_of(node, "type")) return kind_of_type(*type->value);
  for (const KindWord& known : kind_words()) {
    const YamlEntry* entry = entry_of(node, known.word);
    if (entry == nullptr) continue;
    return known.kind;
  }
  complain_of_kind(node);
  return std::nullopt;
}

std::optional<StepKind> StepReader::kind_of_type(const YamlNode& type) {
  const std::size_t before = values_.faults().count();
  const std::string name = values_.text(type, "type");
  if (values_.faults().count() > before) return std::nullopt;
  const KindWord* word = kind_word(name);
  if (word == nullptr || name == "plugins") {
    values_.faults().add(
        type.at, "\"" + name + "\" is no type of step; use command, wait, block, input or trigger");
    return std::nullopt;
  }
  return word->kind;
}

void StepReader::read_entry(const YamlEntry& entry) {
  const StepAttribute* attribute = find_attribute(step_.kind, entry.key);
  if (attribute == nullptr) return complain_of_key(entry);
  if (!seen_.emplace(attribute->meaning, entry.at).second) {
    const bool is_canonical = entry.key == attribute->meaning;
    return values_.faults().add(
        entry.at,
        "\"" + entry.key + "\" " +
            (is_canonical ? "is given already under another name"
                          : "gives \"" + std::string(attribute->meaning) + "\" a second time") +
            "; keep one");
  }
  StepDraft draft{values_, step_};
  attribute->read(draft, *entry.value, entry.key);
}

void StepReader::complain_of_key(const YamlEntry& entry) {
  std::vector<std::string_view> names;
  for (const StepAttributes attributes : attributes_of(step_.kind)) {
    for (const StepAttribute& attribute : attributes) names.push_back(attribute.name);
  }
  const std::string_view near = nearest_word(entry.key, names);
  std::string text = "unknown key \"" + entry.key + "\" in ";
  text.append(kind_name(step_.kind));
  if (near.empty()) {
    text += "; remove it";
  } else {
    text.append("; did you mean \"").append(near).append("\"?");
  }
  values_.faults().add(entry.at, text);
}

/// For what is no step: the key that was most likely meant to make it one.
void StepReader::complain_of_kind(const YamlNode& node) {
  constexpr std::string_view kMakers[] = {"command", "commands", "script", "wait",
                                          "waiter",  "block",    "input",  "trigger"};
  const std::string step = "step " + std::to_string(number_);
  for (const YamlEntry& entry : node.entries) {
    const std::string_view near = nearest_word(entry.key, kMakers);
    if (near.empty()) continue;
    return values_.faults().add(entry.at, "unknown key \"" + entry.key + "\" in " + step +
                                              "; did you mean \"" + std::string(near) + "\"?");
  }
  const std::string what = node.kind == YamlNode::Kind::Scalar ? ": \"" + node.text + "\"" : "";
  values_.faults().add(node.at, step + " is no command, wait, block, input or trigger" + what +
                                    "; write \"- command: ...\"");
}

/// What only the whole step tells.
void StepReader::check_whole(const YamlNode& node) {
  if (step_.matrix && step_.parallelism) {
    values_.faults().add(seen_.at("parallelism"),
                         "matrix and parallelism do not go together; remove one");
  }
  if (seen_.contains("if") && seen_.contains("branches")) {
    values_.faults().add(seen_.at("branches"),
                         "if and branches do not go together; ask for build.branch in the if");
  }
  if (step_.trigger && !seen_.contains("trigger")) {
    values_.faults().add(node.at, "a trigger step names a pipeline; write \"trigger: <slug>\"");
  }
  check_concurrency(seen_, values_.faults());
  check_matrix_tokens(step_, node, values_.faults());
}

}  // namespace ostler::pipeline
