// SPDX-License-Identifier: Apache-2.0
#include "pipeline/step_choice.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "pipeline/branch_filter.hpp"

namespace ostler::pipeline {
namespace {

constexpr std::string_view kOtherBranch = "branch_mismatch";

bool depends_on_build(const model::StepDefinition& step) {
  return !step.branches.empty() || !step.conditions.empty();
}

/// Why the step is not for this build; none: it is.
std::optional<std::string_view> reason_against(const model::StepDefinition& step,
                                               const BuildFacts& facts) {
  if (!matches_branch(step.branches, facts.build.request.branch)) return kOtherBranch;
  return std::nullopt;
}

}  // namespace

bool has_choice(const model::PipelineDefinition& definition) {
  return std::ranges::any_of(definition.steps, depends_on_build);
}

bool has_choice(const Plan& plan) {
  return std::ranges::any_of(plan.steps, depends_on_build, &PlannedStep::definition);
}

Result<void> choose_steps(model::PipelineDefinition& definition, const BuildFacts& facts) {
  for (model::StepDefinition& step : definition.steps) {
    if (step.skip || !depends_on_build(step)) continue;
    const auto reason = reason_against(step, facts);
    if (reason) step.skip = *reason;
  }
  return success();
}

Result<Plan> chosen(Plan plan, const BuildFacts& facts) {
  model::PipelineDefinition definition{.env = std::move(plan.env),
                                       .steps = {},
                                       .groups = std::move(plan.groups),
                                       .notify = std::move(plan.notify)};
  for (PlannedStep& step : plan.steps) definition.steps.push_back(std::move(step.definition));
  OSTLER_TRY(choose_steps(definition, facts));
  return pipeline::plan(std::move(definition));
}

}  // namespace ostler::pipeline
