// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <map>
#include <span>
#include <string_view>

#include "model/pipeline_definition.hpp"
#include "pipeline/value_reader.hpp"
#include "pipeline/yaml_document.hpp"

namespace ostler::pipeline {

/// A step that is being read.
struct StepDraft {
  ValueReader& values;
  model::StepDefinition& step;
};

/// Where a step has each of its attributes, by their own names.
using AttributePlaces = std::map<std::string_view, model::SourcePosition>;

/// A key that a step of some kind may have.
struct StepAttribute {
  std::string_view name;
  std::string_view meaning;  ///< the name it is another spelling of, else itself
  /// Reads the value of the key, which is `name`.
  void (*read)(StepDraft& draft, const YamlNode& value, std::string_view name);
};

using StepAttributes = std::span<const StepAttribute>;

/// Of every step. Source: reference/pipeline-yaml.md 2.4.
StepAttributes common_attributes();
/// Of command steps alone. Source: the same, 3.
StepAttributes command_attributes();
/// Of waits alone. Source: the same, 4.
StepAttributes wait_attributes();

/// Of blocks and inputs alone. Source: the same, 5.
StepAttributes gate_attributes();

/// Of triggers alone. Source: the same, 6.
StepAttributes trigger_attributes();

/// All that a step of that kind may have: its own, then the common ones.
std::array<StepAttributes, 2> attributes_of(model::StepKind kind);
/// Null when a step of that kind has none of that name.
const StepAttribute* find_attribute(model::StepKind kind, std::string_view name);

}  // namespace ostler::pipeline
