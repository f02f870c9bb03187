// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "model/pipeline_definition.hpp"
#include "pipeline/step_attributes.hpp"
#include "pipeline/value_reader.hpp"
#include "pipeline/yaml_document.hpp"

namespace ostler::pipeline {

/// Reads one step of a pipeline.
class StepReader {
 public:
  /// `number` counts from 1, for faults.
  StepReader(ValueReader& values, std::size_t number) : values_(values), number_(number) {}

  /// The step, or none with the reason among the faults. Faults within a step that is otherwise
  /// clear are added and the step returned.
  std::optional<model::StepDefinition> read(const YamlNode& node);

  /// Where the key of the step stands; line 0: it has none.
  model::SourcePosition key_place() const {
    const auto key = seen_.find("key");
    return key == seen_.end() ? model::SourcePosition() : key->second;
  }

  /// Whether the step has that attribute, whatever the spelling.
  bool has(std::string_view meaning) const { return seen_.contains(meaning); }

 private:
  std::optional<model::StepDefinition> read_scalar(const YamlNode& node);
  void begin(model::StepKind kind);
  std::optional<model::StepKind> kind_of(const YamlNode& node);
  std::optional<model::StepKind> kind_of_type(const YamlNode& type);
  void read_entry(const YamlEntry& entry);
  void complain_of_key(const YamlEntry& entry);
  void complain_of_kind(const YamlNode& node);

  void check_whole(const YamlNode& node);

  ValueReader& values_;
  std::size_t number_;
  model::StepDefinition step_;
  AttributePlaces seen_;  ///< of the meanings of the keys read so far
};

}  // namespace ostler::pipeline
