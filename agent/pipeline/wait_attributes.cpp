// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "pipeline/step_attributes.hpp"

namespace ostler::pipeline {
namespace {

void read_wait(StepDraft& draft, const YamlNode& value, std::string_view name) {
  std::string label = draft.values.text(value, name);
  if (draft.step.label.empty()) draft.step.label = std::move(label);
}

void read_continue_on_failure(StepDraft& draft, const YamlNode& value, std::string_view name) {
  draft.step.continue_on_failure = draft.values.boolish(value, name);
}

constexpr StepAttribute kWaitAttributes[] = {
    {"wait", "wait", read_wait},
    {"waiter", "wait", read_wait},
    {"continue_on_failure", "continue_on_failure", read_continue_on_failure},
};

}  // namespace

StepAttributes wait_attributes() { return kWaitAttributes; }

}  // namespace ostler::pipeline
