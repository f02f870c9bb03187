// SPDX-License-Identifier: Apache-2.0
#include "pipeline/carried_reader.hpp"

#include "pipeline/document_json.hpp"
#include "pipeline/plugin_list.hpp"

namespace ostler::pipeline {

std::string read_plugins(ValueReader& values, const YamlNode& value) {
  const auto list = plugin_list(plugins_json(values, value));
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

}  // namespace ostler::pipeline
