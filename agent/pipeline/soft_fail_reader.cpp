// SPDX-License-Identifier: Apache-2.0
#include "pipeline/soft_fail_reader.hpp"

namespace ostler::pipeline {
namespace {

/// Each job keeps them.
constexpr std::size_t kMostRules = 256;

void read_status(ValueReader& values, const YamlNode& value, model::SoftFail& soft_fail) {
  if (value.kind == YamlNode::Kind::Scalar && value.text == "*") {
    soft_fail.any = true;
  } else if (const auto status = values.number(value, "exit_status", -1, 255)) {
    soft_fail.exit_statuses.push_back(*status);
  }
}

void read_soft_fail_rule(ValueReader& values, const YamlNode& rule, model::SoftFail& soft_fail) {
  if (rule.kind != YamlNode::Kind::Mapping) {
    return values.faults().add(rule.at,
                               "soft_fail takes a list of rules; write \"- exit_status: 1\"");
  }
  for (const YamlEntry& entry : rule.entries) {
    if (entry.key == "exit_status") {
      read_status(values, *entry.value, soft_fail);
    } else {
      values.faults().add(entry.at,
                          "unknown key \"" + entry.key + "\" in soft_fail; use exit_status");
    }
  }
}

void read_soft_fail_rules(ValueReader& values, const YamlNode& list, model::SoftFail& soft_fail) {
  if (list.items.size() > kMostRules) {
    return values.faults().add(list.items[kMostRules]->at,
                               "more than 256 exit statuses in soft_fail; write \"soft_fail: "
                               "true\" for all of them");
  }
  for (const YamlNode* rule : list.items) read_soft_fail_rule(values, *rule, soft_fail);
}

}  // namespace

model::SoftFail read_soft_fail(ValueReader& values, const YamlNode& value) {
  model::SoftFail soft_fail;
  if (value.kind == YamlNode::Kind::Null) return soft_fail;
  if (value.kind == YamlNode::Kind::Mapping) {
    read_soft_fail_rule(values, value, soft_fail);
  } else if (value.kind == YamlNode::Kind::Sequence) {
    read_soft_fail_rules(values, value, soft_fail);
  } else {
    soft_fail.any = values.boolish(value, "soft_fail");
  }
  return soft_fail;
}

std::optional<std::string> read_skip(ValueReader& values, const YamlNode& value) {
  constexpr std::size_t kLongest = 70;  // characters
  const std::string text = values.text(value, "skip");
  if (text.empty() || text == "false") return std::nullopt;
  if (text == "true") return std::string();
  std::size_t characters = 0;
  for (const char c : text) characters += (static_cast<unsigned char>(c) & 0xC0u) != 0x80u;
  if (characters > kLongest) {
    values.faults().add(value.at, "skip has a reason of more than 70 characters; shorten it");
  }
  return text;
}

}  // namespace ostler::pipeline
