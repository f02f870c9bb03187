// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/pipeline_definition.hpp"
#include "pipeline/condition_check.hpp"
#include "pipeline/fault_list.hpp"
#include "pipeline/interpolate.hpp"
#include "pipeline/yaml_document.hpp"

namespace ostler::pipeline {

/// Turns YAML values into interpolated text, lists and variables. What it cannot turn becomes a
/// fault that names `what`, and an empty result.
class ValueReader {
 public:
  /// Without variables, text is taken as it is.
  ValueReader(FaultList& faults, std::optional<VariableTable> variables)
      : faults_(faults), variables_(std::move(variables)) {}

  /// What is read now knows the variables that this was made with and no others.
  void forget_definitions();

  /// Text of a scalar; empty for null.
  std::string text(const YamlNode& node, std::string_view what);
  std::string interpolated(std::string_view text, model::SourcePosition at);
  /// The text as it is; empty when the pipeline has grown beyond its limit.
  std::string verbatim(std::string_view text, model::SourcePosition at);
  /// A scalar, or a list of them; empty for null.
  std::vector<std::string> texts(const YamlNode& node, std::string_view what);
  /// A mapping of scalars. Keys are interpolated too; the last of equal names wins.
  model::Variables variables(const YamlNode& node, std::string_view what);
  /// The same, where each variable is known to the ones after it and to all later reading.
  model::Variables define_variables(const YamlNode& node, std::string_view what);
  /// `{tag: value}` or `["tag=value"]` as "tag=value".
  std::vector<std::string> query_rules(const YamlNode& node, std::string_view what);
  /// true, false or the same in quotes.
  bool boolish(const YamlNode& node, std::string_view what);
  /// A whole number.
  std::optional<int> number(const YamlNode& node, std::string_view what, int least, int most);
  /// Of jobs: higher runs earlier.
  int priority(const YamlNode& node, std::string_view what);
  /// A whole number from 1.
  std::optional<int> positive_number(const YamlNode& node, std::string_view what);

  /// Whether the pipeline has grown beyond its limit, which is a fault; all else reads as empty.
  bool is_exhausted() const;

  FaultList& faults() { return faults_; }
  ConditionCheck& conditions() { return conditions_; }

 private:
  bool is_text(const YamlNode& node) const;
  std::optional<int> whole_number(const YamlNode& node, std::string_view what);
  model::Variables read_variables(const YamlNode& node, std::string_view what, bool define);
  /// Requires: there are variables.
  void define_variable(const std::string& name, const std::string& value);
  bool take_from_budget(std::size_t bytes, model::SourcePosition at);

  FaultList& faults_;
  std::optional<VariableTable> variables_;
  std::map<std::string, std::optional<std::string>> defined_;  ///< what each name meant before
  std::size_t produced_bytes_ = 0;
  ConditionCheck conditions_;
};

}  // namespace ostler::pipeline
