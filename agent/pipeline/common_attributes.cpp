// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "base/joined.hpp"
#include "pipeline/condition_reader.hpp"
#include "pipeline/dependency_reader.hpp"
#include "pipeline/step_attributes.hpp"
#include "pipeline/step_keys.hpp"

namespace ostler::pipeline {
namespace {

void read_label(StepDraft& draft, const YamlNode& value, std::string_view name) {
  draft.step.label = draft.values.text(value, name);
}

void read_key(StepDraft& draft, const YamlNode& value, std::string_view name) {
  draft.step.key = draft.values.text(value, name);
  if (const auto fault = fault_in_step_key(draft.step.key)) {
    draft.values.faults().add(value.at,
                              "the key \"" + draft.step.key + "\" " + std::string(*fault));
  }
}

void read_depends_on(StepDraft& draft, const YamlNode& value, std::string_view) {
  draft.step.depends_on = read_dependencies(draft.values, value);
}

void read_allow_failure(StepDraft& draft, const YamlNode& value, std::string_view name) {
  draft.step.allow_dependency_failure = draft.values.boolish(value, name);
}

/// A list of patterns stands for one text with a space between them.
void read_branches(StepDraft& draft, const YamlNode& value, std::string_view name) {
  draft.step.branches = joined(draft.values.texts(value, name), " ");
}

/// A condition that is blank is none.
void read_if(StepDraft& draft, const YamlNode& value, std::string_view name) {
  if (auto condition = read_condition_text(draft.values, value, name)) {
    draft.step.conditions.push_back(std::move(*condition));
  }
}

/// Has told the kind of the step.
void read_type(StepDraft&, const YamlNode&, std::string_view) {}

constexpr StepAttribute kCommonAttributes[] = {
    {"label", "label", read_label},
    {"name", "label", read_label},
    {"key", "key", read_key},
    {"id", "key", read_key},
    {"identifier", "key", read_key},
    {"depends_on", "depends_on", read_depends_on},
    {"allow_dependency_failure", "allow_dependency_failure", read_allow_failure},
    {"type", "type", read_type},
    {"branches", "branches", read_branches},
    {"if", "if", read_if},
};

}  // namespace

StepAttributes common_attributes() { return kCommonAttributes; }

}  // namespace ostler::pipeline
