// SPDX-License-Identifier: Apache-2.0
#include "pipeline/carried_reader.hpp"

#include "pipeline/condition_reader.hpp"
#include "pipeline/document_json.hpp"
#include "pipeline/plugin_list.hpp"

namespace ostler::pipeline {

std::string read_plugins(ValueReader& values, const YamlNode& value) {
  const auto list = plugin_list(value_json(values, value));
  if (!list) {
    values.faults().add(value.at, list.error().message());
    return {};
  }
  return list.value() == "[]" ? std::string() : list.value();
}

std::string read_signature(ValueReader& values, const YamlNode& value) {
  if (value.kind != YamlNode::Kind::Mapping) {
    values.faults().add(value.at,
                        "signature must be a mapping; write algorithm, value and "
                        "signed_fields under it");
    return {};
  }
  return value_json(values, value, true);
}

void check_notify(ValueReader& values, const YamlNode& value) {
  if (value.kind == YamlNode::Kind::Null) return;
  if (value.kind != YamlNode::Kind::Sequence) {
    return values.faults().add(value.at, "notify must be a list; begin each with \"- \"");
  }
  for (const YamlNode* item : value.items) {
    if (item->kind != YamlNode::Kind::Scalar && item->kind != YamlNode::Kind::Mapping) {
      values.faults().add(item->at, "notify takes a word, or a mapping such as email: <address>");
    }
    for (const YamlEntry& entry : item->entries) {
      if (entry.key == "if") {
        read_condition_text(values, *entry.value, "if", ConditionPlace::Notification);
      }
    }
  }
}

}  // namespace ostler::pipeline
