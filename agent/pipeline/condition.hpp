// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "pipeline/build_facts.hpp"
#include "pipeline/condition_types.hpp"

namespace ostler::pipeline {

/// What is wrong with a condition whatever the build: its form, its names, its types.
/// Source: reference/pipeline-yaml.md 21.
std::optional<ConditionFault> fault_in_condition(std::string_view text, ConditionPlace place);

/// Whether a condition holds for a build. A truth that is null counts as false.
/// Errors: UserFault when it is no condition, or asks for a variable that is not there.
Result<bool> holds(std::string_view text, const BuildFacts& facts);

}  // namespace ostler::pipeline
