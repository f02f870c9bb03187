// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "pipeline/build_facts.hpp"
#include "pipeline/condition_tree.hpp"

namespace ostler::pipeline {

enum class ConditionType : std::uint8_t { Null, Boolean, Integer, Text, Enumeration, List, Regex };

/// A variable that a condition may name. Every one may be null.
struct ConditionName {
  std::string_view name;
  ConditionType type = ConditionType::Text;
  std::span<const std::string_view> values{};  ///< of an enumeration
  ConditionValue (*value)(const BuildFacts& facts) = nullptr;
};

/// Those of a step's condition. Source: reference/pipeline-yaml.md 21.3.
std::span<const ConditionName> condition_names();
/// Null when there is none.
const ConditionName* find_condition_name(std::string_view name);
/// Those that only conditions of notifications may name besides; they have no value yet.
std::span<const ConditionName> notification_names();

/// Whether `build.env` may be asked for a variable. Source: the same, 21.4.
bool may_ask_environment(std::string_view variable);

}  // namespace ostler::pipeline
