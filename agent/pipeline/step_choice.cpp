// SPDX-License-Identifier: Apache-2.0
#include "pipeline/step_choice.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "pipeline/branch_filter.hpp"
#include "pipeline/condition.hpp"

namespace ostler::pipeline {
namespace {

constexpr std::string_view kOtherBranch = "branch_mismatch";
constexpr std::string_view kConditionFailed = "conditional_failed";

bool depends_on_build(const model::StepDefinition& step) {
  return !step.branches.empty() || !step.conditions.empty();
}

/// Why the step is not for this build; none: it is. Errors: UserFault.
Result<std::optional<std::string_view>> reason_against(const model::StepDefinition& step,
                                                       const BuildFacts& facts,
                                                       BuildConditions& conditions) {
  if (!matches_branch(step.branches, facts.build.request.branch)) {
    return std::optional(kOtherBranch);
  }
  for (const model::ConditionText& condition : step.conditions) {
    const auto answer = conditions.hold(condition.text);
    if (!answer) {
      return Error(Errc::UserFault, "if: " + condition.text + ": " + answer.error().message());
    }
    if (!answer.value()) return std::optional(kConditionFailed);
  }
  return std::optional<std::string_view>();
}

}  // namespace

bool has_choice(const model::PipelineDefinition& definition) {
  return std::ranges::any_of(definition.steps, depends_on_build);
}

bool has_choice(const Plan& plan) {
  return std::ranges::any_of(plan.steps, depends_on_build, &PlannedStep::definition);
}

Result<void> choose_steps(model::PipelineDefinition& definition, const BuildFacts& facts) {
  BuildConditions conditions(facts);
  for (model::StepDefinition& step : definition.steps) {
    if (step.skip || !depends_on_build(step)) continue;
    OSTLER_TRY(const auto reason, reason_against(step, facts, conditions));
    if (reason) step.skip = *reason;
  }
  return success();
}

Result<Plan> chosen(Plan plan, const BuildFacts& facts) {
  model::PipelineDefinition definition{.env = std::move(plan.env),
                                       .steps = {},
                                       .groups = std::move(plan.groups),
                                       .notifications = std::move(plan.notifications)};
  for (PlannedStep& step : plan.steps) definition.steps.push_back(std::move(step.definition));
  OSTLER_TRY(choose_steps(definition, facts));
  return pipeline::plan(std::move(definition));
}

}  // namespace ostler::pipeline
