// SPDX-License-Identifier: Apache-2.0
#include "pipeline/gate_field_reader.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "base/nearest_word.hpp"
#include "pipeline/field_format.hpp"
#include "pipeline/step_kinds.hpp"

namespace ostler::pipeline {
namespace {

using model::GateField;
using model::GateFieldKind;
using model::GateOption;

constexpr std::array<std::string_view, 6> kTextKeys = {"text",     "key",     "hint",
                                                       "required", "default", "format"};
constexpr std::array<std::string_view, 7> kSelectKeys = {
    "select", "key", "hint", "required", "default", "options", "multiple"};
constexpr std::array<std::string_view, 4> kOptionKeys = {"label", "value", "hint", "required"};
constexpr std::size_t kLongestFieldKey = 1024;  // as long as that of any meta-data

bool fits_field_key(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '/';
}

class FieldReader {
 public:
  explicit FieldReader(ValueReader& values) : values_(values) {}

  void read(const YamlNode& node) {
    GateField field;
    option_values_.clear();
    const bool is_text = entry_of(node, "text") != nullptr;
    if (!is_text && entry_of(node, "select") == nullptr) {
      return fault(node.at, "a field must have text: or select: with what it asks for");
    }
    field.kind = is_text ? GateFieldKind::Text : GateFieldKind::Select;
    for (const YamlEntry& entry : node.entries) {
      if (is_known(entry, is_text)) read_entry(entry, field);
    }
    check(node, field);
    fields_.push_back(std::move(field));
  }

  std::vector<GateField> take() { return std::move(fields_); }

 private:
  void fault(model::SourcePosition at, const std::string& text) { values_.faults().add(at, text); }

  bool is_known(const YamlEntry& entry, bool is_text) {
    using Words = std::span<const std::string_view>;
    return is_one_of(entry, is_text ? "a text field" : "a select field",
                     is_text ? Words(kTextKeys) : Words(kSelectKeys));
  }

  bool is_one_of(const YamlEntry& entry, const std::string& where,
                 std::span<const std::string_view> known) {
    if (std::ranges::find(known, entry.key) != known.end()) return true;
    const std::string_view near = nearest_word(entry.key, known);
    const std::string advice =
        near.empty() ? "remove it" : "did you mean \"" + std::string(near) + "\"?";
    fault(entry.at, "unknown key \"" + entry.key + "\" in " + where + "; " + advice);
    return false;
  }

  void read_entry(const YamlEntry& entry, GateField& field) {
    const YamlNode& value = *entry.value;
    if (entry.key == "text" || entry.key == "select") {
      field.label = values_.text(value, entry.key);
    } else if (entry.key == "key") {
      read_key(value, field);
    } else if (entry.key == "hint") {
      field.hint = values_.text(value, entry.key);
    } else if (entry.key == "required") {
      field.is_required = values_.boolish(value, entry.key);
    } else if (entry.key == "default") {
      read_defaults(value, field);
    } else if (entry.key == "format") {
      read_format(value, field);
    } else if (entry.key == "options") {
      read_options(value, field);
    } else {
      field.is_multiple = values_.boolish(value, entry.key);
    }
  }

  void read_key(const YamlNode& value, GateField& field) {
    field.key = values_.text(value, "key");
    if (field.key.size() > kLongestFieldKey || !std::ranges::all_of(field.key, fits_field_key)) {
      fault(value.at, "the key \"" + field.key.substr(0, 100) +
                          "\" of a field may hold at most 1024 letters, digits, - _ and /; change "
                          "the rest");
    } else if (!field.key.empty() && !keys_.insert(field.key).second) {
      fault(value.at, "two fields have the key \"" + field.key + "\"; choose another");
    }
  }

  void read_defaults(const YamlNode& value, GateField& field) {
    if (field.kind == GateFieldKind::Text) {
      field.defaults = {values_.text(value, "default")};
    } else {
      field.defaults = values_.texts(value, "default");
    }
    std::erase(field.defaults, "");
  }

  void read_format(const YamlNode& value, GateField& field) {
    field.format = values_.text(value, "format");
    if (const auto wrong = fault_in_format(field.format)) {
      fault(value.at, "format is no regular expression that can be used: " + *wrong +
                          "; see https://github.com/google/re2/wiki/Syntax");
      field.format.clear();
    }
  }

  void read_options(const YamlNode& value, GateField& field) {
    if (value.kind != YamlNode::Kind::Sequence) {
      return fault(value.at, "options must be a list; write \"- label: ...\" and \"value: ...\"");
    }
    for (const YamlNode* item : value.items) read_option(*item, field.options);
  }

  void read_option(const YamlNode& node, std::vector<GateOption>& options) {
    GateOption option;
    for (const YamlEntry& entry : node.entries) {
      if (!is_one_of(entry, "an option", kOptionKeys)) continue;
      if (entry.key == "label") option.label = values_.text(*entry.value, entry.key);
      if (entry.key == "value") option.value = values_.text(*entry.value, entry.key);
    }
    const bool is_whole = !option.label.empty() && !option.value.empty();
    if (!is_whole) fault(node.at, "an option must have a label and a value; write both");
    const bool is_new = option_values_.insert(option.value).second;
    if (is_whole && !is_new) {
      fault(node.at, "two options have the value \"" + option.value + "\"; remove one");
    }
    options.push_back(std::move(option));
  }

  /// What only the whole field tells.
  void check(const YamlNode& node, const GateField& field) {
    if (field.key.empty()) {
      fault(node.at, "a field must have a key, under which its answer is kept; write key: ...");
    }
    if (field.kind == GateFieldKind::Text) return;
    if (field.options.empty()) fault(node.at, "a select must have options; write options: ...");
    if (field.defaults.size() > 1 && !field.is_multiple) {
      fault(node.at, "several defaults need multiple: true; keep one, or add that");
    }
    for (const std::string& value : field.defaults) {
      if (option_values_.contains(value)) continue;
      fault(node.at, "the default \"" + value + "\" is the value of no option");
    }
  }

  ValueReader& values_;
  std::vector<GateField> fields_;
  std::set<std::string> keys_;
  std::set<std::string> option_values_;  ///< of the field that is read
};

}  // namespace

std::vector<GateField> read_gate_fields(ValueReader& values, const YamlNode& value) {
  FieldReader reader(values);
  if (value.kind == YamlNode::Kind::Null) return {};
  if (value.kind != YamlNode::Kind::Sequence) {
    values.faults().add(value.at,
                        "fields must be a list; begin each with \"- text:\" or "
                        "\"- select:\"");
    return {};
  }
  for (const YamlNode* item : value.items) reader.read(*item);
  return reader.take();
}

}  // namespace ostler::pipeline
