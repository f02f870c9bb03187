// SPDX-License-Identifier: Apache-2.0
#include "pipeline/step_attributes.hpp"

#include <algorithm>

namespace ostler::pipeline {

std::array<StepAttributes, 2> attributes_of(model::StepKind kind) {
  switch (kind) {
    case model::StepKind::Command: return {command_attributes(), common_attributes()};
    case model::StepKind::Wait: return {wait_attributes(), common_attributes()};
    case model::StepKind::Block:
    case model::StepKind::Input: return {gate_attributes(), common_attributes()};
    case model::StepKind::Trigger: return {trigger_attributes(), common_attributes()};
  }
  return {common_attributes(), {}};
}

const StepAttribute* find_attribute(model::StepKind kind, std::string_view name) {
  for (const StepAttributes attributes : attributes_of(kind)) {
    const auto found = std::ranges::find(attributes, name, &StepAttribute::name);
    if (found != attributes.end()) return &*found;
  }
  return nullptr;
}

}  // namespace ostler::pipeline
