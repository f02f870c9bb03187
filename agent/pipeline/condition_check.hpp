// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "pipeline/condition_parser.hpp"
#include "pipeline/condition_types.hpp"

namespace ostler::pipeline {

/// Reads a condition into `root`. Returns what is wrong with it whatever the build: its form, its
/// names, its types, or that it is more than what is left of the budget.
std::optional<ConditionFault> read_checked_condition(std::string_view text, ConditionPlace place,
                                                     ConditionBudget& budget, ConditionNode& root);

/// Checks the conditions of one pipeline, equal ones once.
/// Source: reference/pipeline-yaml.md 21.
class ConditionCheck {
 public:
  /// What is wrong with a condition whatever the build.
  std::optional<ConditionFault> fault_in(std::string_view text,
                                         ConditionPlace place = ConditionPlace::Step);

 private:
  ConditionBudget budget_;
  std::set<std::string, std::less<>> sound_;  ///< of steps
  std::set<std::string, std::less<>> sound_in_notifications_;
};

}  // namespace ostler::pipeline
