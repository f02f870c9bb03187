// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/pipeline_definition.hpp"
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

  /// Whether the step said itself which agents it wants.
  bool has_own_agents() const { return seen_.contains("agents"); }

 private:
  /// Reads one key's value into `step_`.
  using Read = void (StepReader::*)(const YamlNode& value, std::string_view key);
  struct Key {
    std::string_view name;
    std::string_view meaning;  ///< the name it is another spelling of, else itself
    Read read;                 ///< null: a key of the language that is not supported yet
  };
  static std::span<const Key> keys_of(model::StepKind kind);

  std::optional<model::StepDefinition> read_scalar(const YamlNode& node);
  std::optional<model::StepKind> kind_of(const YamlNode& node);
  std::optional<model::StepKind> kind_of_type(const YamlNode& type);
  void read_entry(const YamlEntry& entry);
  void complain_of_key(const YamlEntry& entry);
  void complain_of_kind(const YamlNode& node);

  void read_nothing(const YamlNode&, std::string_view) {}
  void read_wait(const YamlNode& value, std::string_view key);
  void read_command(const YamlNode& value, std::string_view key);
  void read_label(const YamlNode& value, std::string_view key);
  void read_key(const YamlNode& value, std::string_view key);
  void read_env(const YamlNode& value, std::string_view key);
  void read_agents(const YamlNode& value, std::string_view key);
  void read_artifact_paths(const YamlNode& value, std::string_view key);
  void read_timeout(const YamlNode& value, std::string_view key);
  void read_allow_dependency_failure(const YamlNode& value, std::string_view key);
  void read_depends_on(const YamlNode& value, std::string_view key);
  void read_retry(const YamlNode& value, std::string_view key);
  void read_soft_fail(const YamlNode& value, std::string_view key);
  void read_parallelism(const YamlNode& value, std::string_view key);
  void read_matrix(const YamlNode& value, std::string_view key);
  void read_skip(const YamlNode& value, std::string_view key);
  void read_priority(const YamlNode& value, std::string_view key);
  void check_whole(const YamlNode& node);

  ValueReader& values_;
  std::size_t number_;
  model::StepDefinition step_;
  std::set<std::string_view> seen_;  ///< meanings of the keys read so far
};

}  // namespace ostler::pipeline
