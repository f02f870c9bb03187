// SPDX-License-Identifier: Apache-2.0
#include "pipeline/gate_answer.hpp"

#include <algorithm>
#include <utility>

#include "base/joined.hpp"
#include "pipeline/field_format.hpp"

namespace ostler::pipeline {
namespace {

using model::GateField;
using model::GateFieldKind;
using model::GateOption;

bool is_empty(std::string_view text) { return text.find_first_not_of(" \t\n") == text.npos; }

std::string values_of(const GateField& field) {
  std::string text;
  for (const GateOption& option : field.options) {
    text += (text.empty() ? "" : ", ") + option.value;
  }
  return text;
}

std::optional<std::string> fault_in_choice(const GateField& field, std::string_view answer) {
  while (!answer.empty()) {
    const std::string_view choice = answer.substr(0, answer.find('\n'));
    answer.remove_prefix(std::min(answer.size(), choice.size() + 1));
    if (std::ranges::find(field.options, choice, &GateOption::value) == field.options.end()) {
      return "must be one of " + values_of(field);
    }
    if (!answer.empty() && !field.is_multiple) return "takes one value only";
  }
  return std::nullopt;
}

std::string unknown_field_text(const model::Gate& gate) {
  if (gate.fields.empty()) return "is not asked for: this step has no fields";
  std::string text = "is not asked for; the fields are ";
  for (const GateField& field : gate.fields) {
    text += (&field == &gate.fields.front() ? "" : ", ") + field.key;
  }
  return text;
}

}  // namespace

std::string with_plain_breaks(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_pair = text.substr(at, 2) == "\r\n";
    if (!is_pair) plain += text[at] == '\r' ? '\n' : text[at];
  }
  return plain;
}

std::optional<std::string> fault_in_answer(const GateField& field, std::string_view answer) {
  if (is_empty(answer)) {
    return field.is_required ? std::optional<std::string>("is required") : std::nullopt;
  }
  if (field.kind == GateFieldKind::Select) return fault_in_choice(field, answer);
  if (field.format.empty() || matches_format(answer, field.format)) return std::nullopt;
  return "must match " + field.format;
}

GateAnswer answer_gate(const model::Gate& gate, const std::map<std::string, std::string>& answers) {
  GateAnswer result;
  for (const GateField& field : gate.fields) {
    const auto said = answers.find(field.key);
    std::string value =
        said == answers.end() ? joined(field.defaults, "\n") : with_plain_breaks(said->second);
    if (auto fault = fault_in_answer(field, value)) {
      result.faults.push_back({field.key, std::move(*fault)});
    }
    result.values.emplace_back(field.key, std::move(value));
  }
  for (const auto& [key, value] : answers) {
    if (std::ranges::find(gate.fields, key, &GateField::key) != gate.fields.end()) continue;
    result.faults.push_back({key, unknown_field_text(gate)});
  }
  return result;
}

}  // namespace ostler::pipeline
