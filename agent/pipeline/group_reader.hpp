// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/pipeline_definition.hpp"
#include "pipeline/value_reader.hpp"
#include "pipeline/yaml_document.hpp"

namespace ostler::pipeline {

/// A group as it is written.
struct GroupText {
  model::GroupDefinition definition;
  model::SourcePosition key_at;                   ///< where its key stands
  std::optional<model::ConditionText> condition;  ///< of each of its steps
  std::optional<std::string> skip;                ///< the same
  std::vector<const YamlNode*> steps;
};

/// Whether a step is a group. Source: reference/pipeline-yaml.md 2.2.
bool is_group(const YamlNode& step);
/// Reads all of a group but its steps. Source: the same, 7. Requires: is_group(group).
GroupText read_group(ValueReader& values, const YamlNode& group);

}  // namespace ostler::pipeline
