// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/gate.hpp"
#include "model/pipeline_definition.hpp"

// What a person says to a block or an input. Source: reference/pipeline-yaml.md 5.1.
namespace ostler::pipeline {

/// A text as it is kept: every line break is one "\n".
std::string with_plain_breaks(std::string_view text);

/// What is wrong with an answer to one field, "must be ..."; none when it will do. Several choices
/// stand on a line each.
std::optional<std::string> fault_in_answer(const model::GateField& field, std::string_view answer);

struct FieldFault {
  std::string key;
  std::string text;  ///< "is required"
};

/// What becomes of the answers to a gate.
struct GateAnswer {
  model::Variables values;  ///< of every field of the gate; its default where nothing was said
  std::vector<FieldFault> faults;
};
GateAnswer answer_gate(const model::Gate& gate, const std::map<std::string, std::string>& answers);

}  // namespace ostler::pipeline
