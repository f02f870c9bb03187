// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "pipeline/condition_tree.hpp"

namespace ostler::pipeline {

/// Reads a condition into `root`. Returns what is wrong with its form; types and names are not
/// looked at.
std::optional<ConditionFault> read_condition(std::string_view text, ConditionNode& root);

}  // namespace ostler::pipeline
