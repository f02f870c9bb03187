// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "pipeline/build_facts.hpp"
#include "pipeline/condition_parser.hpp"
#include "pipeline/condition_types.hpp"
#include "pipeline/interpolate.hpp"

namespace ostler::pipeline {

/// What answering conditions may take in all.
struct ConditionWork {
  ConditionBudget reading{};
  /// Of regexes: bytes of texts times instructions. At their worst these take about a second.
  std::int64_t matching = std::int64_t{1} << 27;
};

/// Answers the conditions of one build's steps, or of its notifications, equal ones once. The facts
/// have to outlive it.
class BuildConditions {
 public:
  explicit BuildConditions(const BuildFacts& facts);
  /// `work` is taken from, and outlives this.
  BuildConditions(const BuildFacts& facts, ConditionPlace place, ConditionWork& work);
  BuildConditions(const BuildConditions&) = delete;
  BuildConditions& operator=(const BuildConditions&) = delete;

  /// Whether a condition holds for the build. A truth that is null counts as false.
  /// Errors: UserFault when it is no condition, asks for a variable that is not there, or takes
  /// more work or space than it may.
  /// Source: reference/pipeline-yaml.md 21.
  Result<bool> hold(std::string_view text);

 private:
  Result<bool> answer(std::string_view text);

  const BuildFacts& facts_;
  ConditionPlace place_;
  VariableTable environment_;  ///< what conditions may ask for: what a job of the build would get
  std::map<std::string, bool, std::less<>> answers_;
  ConditionWork own_work_;
  ConditionWork& work_;
};

}  // namespace ostler::pipeline
