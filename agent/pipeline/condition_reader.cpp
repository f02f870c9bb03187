// SPDX-License-Identifier: Apache-2.0
#include "pipeline/condition_reader.hpp"

#include <string>
#include <utility>

namespace ostler::pipeline {
namespace {

/// The place of a byte of a text, where the YAML has it on one line as it is; else that of the
/// whole text.
model::SourcePosition place_in(const YamlNode& node, std::string_view text, std::size_t at) {
  const bool is_as_written = node.text == text && text.find_first_of("\n\\") == text.npos;
  const bool is_inline = node.plain || node.quoted;
  model::SourcePosition place = node.at;
  if (is_as_written && is_inline) {
    place.column += static_cast<int>(at) + int{node.quoted};
  }
  return place;
}

}  // namespace

std::optional<model::ConditionText> read_condition_text(ValueReader& values, const YamlNode& value,
                                                        std::string_view name,
                                                        ConditionPlace place) {
  std::string text = values.text(value, name);
  if (text.find_first_not_of(" \t\r\n") == text.npos) return std::nullopt;
  if (const auto fault = values.conditions().fault_in(text, place)) {
    values.faults().add(place_in(value, text, fault->at), std::string(name) + ": " + fault->text);
    return std::nullopt;
  }
  return model::ConditionText{std::move(text), value.at};
}

}  // namespace ostler::pipeline
