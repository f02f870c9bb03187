// SPDX-License-Identifier: Apache-2.0
#include "pipeline/condition_check.hpp"

namespace ostler::pipeline {

std::optional<ConditionFault> read_checked_condition(std::string_view text, ConditionPlace place,
                                                     ConditionBudget& budget, ConditionNode& root) {
  if (auto fault = read_condition(text, budget, root)) return fault;
  return fault_in_types(root, place);
}

std::optional<ConditionFault> ConditionCheck::fault_in(std::string_view text,
                                                       ConditionPlace place) {
  auto& sound = place == ConditionPlace::Step ? sound_ : sound_in_notifications_;
  if (sound.contains(text)) return std::nullopt;
  ConditionNode root;
  if (auto fault = read_checked_condition(text, place, budget_, root)) return fault;
  sound.emplace(text);
  return std::nullopt;
}

}  // namespace ostler::pipeline
