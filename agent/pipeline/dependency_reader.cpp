// SPDX-License-Identifier: Apache-2.0
#include "pipeline/dependency_reader.hpp"

#include <optional>
#include <utility>

namespace ostler::pipeline {
namespace {

std::optional<model::StepDependency> read_dependency(ValueReader& values, const YamlNode& item) {
  model::StepDependency dependency{"", false, item.at};
  const std::size_t before = values.faults().count();
  if (item.kind == YamlNode::Kind::Scalar) dependency.key = values.text(item, "depends_on");
  for (const YamlEntry& entry : item.entries) {
    if (entry.key == "step") {
      dependency.key = values.text(*entry.value, "step");
    } else if (entry.key == "allow_failure") {
      dependency.allow_failure = values.boolish(*entry.value, "allow_failure");
    } else {
      values.faults().add(
          entry.at, "unknown key \"" + entry.key + "\" in depends_on; use step and allow_failure");
    }
  }
  if (!dependency.key.empty()) return dependency;
  if (values.faults().count() > before) return std::nullopt;
  values.faults().add(item.at, "depends_on takes keys of steps; write a key, or step: <key>");
  return std::nullopt;
}

}  // namespace

std::vector<model::StepDependency> read_dependencies(ValueReader& values, const YamlNode& value) {
  std::vector<model::StepDependency> dependencies;
  if (value.kind == YamlNode::Kind::Null) return dependencies;
  std::vector<const YamlNode*> items{&value};
  if (value.kind == YamlNode::Kind::Sequence) items = value.items;
  for (const YamlNode* item : items) {
    if (auto one = read_dependency(values, *item)) dependencies.push_back(std::move(*one));
  }
  return dependencies;
}

}  // namespace ostler::pipeline
