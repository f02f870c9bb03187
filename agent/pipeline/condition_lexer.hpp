// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "pipeline/condition_tree.hpp"

namespace ostler::pipeline {

/// Appends the tokens of a condition, an End last. Returns what is wrong with its spelling.
std::optional<ConditionFault> read_condition_tokens(std::string_view text,
                                                    std::vector<ConditionToken>& tokens);

}  // namespace ostler::pipeline
