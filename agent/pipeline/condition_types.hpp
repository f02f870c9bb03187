// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "pipeline/condition_tree.hpp"

namespace ostler::pipeline {

/// What a condition belongs to.
enum class ConditionPlace : std::uint8_t { Step, Notification };

/// What is wrong with the names and types in a condition, which has to come to true or false.
std::optional<ConditionFault> fault_in_types(const ConditionNode& root, ConditionPlace place);

}  // namespace ostler::pipeline
