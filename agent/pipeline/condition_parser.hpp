// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "pipeline/condition_tree.hpp"

namespace ostler::pipeline {

/// What the conditions of one pipeline may still hold together.
struct ConditionBudget {
  int regexes = 1'000;
  std::size_t bytes = 1u << 20;
};

/// Reads a condition into `root`. Returns what is wrong with its form; types and names are not
/// looked at.
std::optional<ConditionFault> read_condition(std::string_view text, ConditionBudget& budget,
                                             ConditionNode& root);

}  // namespace ostler::pipeline
