// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "pipeline/gate_field_reader.hpp"
#include "pipeline/step_attributes.hpp"

namespace ostler::pipeline {
namespace {

void read_gate_name(StepDraft& draft, const YamlNode& value, std::string_view name) {
  std::string label = draft.values.text(value, name);
  if (draft.step.label.empty()) draft.step.label = std::move(label);
}

void read_prompt(StepDraft& draft, const YamlNode& value, std::string_view name) {
  draft.step.gate->prompt = draft.values.text(value, name);
}

void read_submit(StepDraft& draft, const YamlNode& value, std::string_view name) {
  std::string text = draft.values.text(value, name);
  if (!text.empty()) draft.step.gate->submit = std::move(text);
}

void read_fields(StepDraft& draft, const YamlNode& value, std::string_view) {
  draft.step.gate->fields = read_gate_fields(draft.values, value);
}

void read_blocked_state(StepDraft& draft, const YamlNode& value, std::string_view name) {
  using model::BlockedState;
  const std::string state = draft.values.text(value, name);
  if (state == "failed") {
    draft.step.gate->blocked_state = BlockedState::Failed;
  } else if (state == "running") {
    draft.step.gate->blocked_state = BlockedState::Running;
  } else if (state != "passed") {
    draft.values.faults().add(value.at, "blocked_state must be passed, failed or running");
  }
}

void read_allowed_teams(StepDraft& draft, const YamlNode& value, std::string_view name) {
  draft.step.gate->allowed_teams = draft.values.texts(value, name);
}

constexpr StepAttribute kGateAttributes[] = {
    {"block", "block", read_gate_name},
    {"input", "block", read_gate_name},
    {"manual", "block", read_gate_name},
    {"prompt", "prompt", read_prompt},
    {"submit", "submit", read_submit},
    {"fields", "fields", read_fields},
    {"blocked_state", "blocked_state", read_blocked_state},
    {"allowed_teams", "allowed_teams", read_allowed_teams},
};

}  // namespace

StepAttributes gate_attributes() { return kGateAttributes; }

}  // namespace ostler::pipeline
