// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

#include "pipeline/fault_list.hpp"
#include "pipeline/interpolate.hpp"
#include "pipeline/yaml_document.hpp"

namespace ostler::pipeline {

/// Turns YAML values into JSON, keys in the order of the text. Plain scalars become what they mean
/// (numbers, booleans, null); keys and texts are interpolated, unless there are no variables.
class DocumentJson {
 public:
  DocumentJson(FaultList& faults, std::optional<VariableTable> variables)
      : faults_(faults), variables_(std::move(variables)) {}

  /// A whole pipeline: an object. The entries of its `env` are read first, in order, as texts, and
  /// each is known to those after it and to all the rest. `secrets` at the top and signatures are
  /// taken as they are. A list stands for its `steps`.
  nlohmann::ordered_json pipeline(const YamlNode& root);

 private:
  nlohmann::ordered_json value(const YamlNode& node, int depth);
  nlohmann::ordered_json scalar(const YamlNode& node);
  nlohmann::ordered_json mapping(const YamlNode& node, int depth);
  nlohmann::ordered_json verbatim(const YamlNode& node);
  nlohmann::ordered_json environment(const YamlNode& node);
  std::string text(std::string_view written, model::SourcePosition at);
  bool take_from_budget(std::size_t bytes, model::SourcePosition at);

  FaultList& faults_;
  std::optional<VariableTable> variables_;
  bool is_verbatim_ = false;
  std::size_t produced_bytes_ = 0;
};

}  // namespace ostler::pipeline
