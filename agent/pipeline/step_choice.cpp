// SPDX-License-Identifier: Apache-2.0
#include "pipeline/step_choice.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
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

/// Asks of steps whether they are for a build.
class StepChoice {
 public:
  StepChoice(const BuildFacts& facts, FaultList& faults)
      : branch_(facts.build.request.branch), conditions_(facts), faults_(faults) {}

  /// Why the step is not for the build; none: it is, or it has a fault.
  std::optional<std::string_view> reason_against(const model::StepDefinition& step) {
    if (!matches_branch(step.branches, branch_)) return kOtherBranch;
    for (const model::ConditionText& condition : step.conditions) {
      const auto answer = conditions_.hold(condition.text);
      if (!answer) {
        complain(condition, answer.error());
        return std::nullopt;
      }
      if (!answer.value()) return kConditionFailed;
    }
    return std::nullopt;
  }

 private:
  /// Steps of a group share its condition, which is told once.
  void complain(const model::ConditionText& condition, const Error& error) {
    const bool has_place = condition.at.line > 0;
    if (has_place && !told_.insert({condition.at.line, condition.at.column}).second) return;
    faults_.add(condition.at, "if: " + condition.text + ": " + error.message());
  }

  const std::string& branch_;
  BuildConditions conditions_;
  FaultList& faults_;
  std::set<std::pair<int, int>> told_;  ///< lines and columns
};

}  // namespace

bool has_choice(const model::PipelineDefinition& definition) {
  return std::ranges::any_of(definition.steps, depends_on_build);
}

bool has_choice(const Plan& plan) {
  return std::ranges::any_of(plan.steps, depends_on_build, &PlannedStep::definition);
}

void choose_steps(model::PipelineDefinition& definition, const BuildFacts& facts,
                  FaultList& faults) {
  StepChoice choice(facts, faults);
  for (std::size_t at = 0; at < definition.steps.size(); ++at) {
    model::StepDefinition& step = definition.steps[at];
    if (step.skip || !depends_on_build(step)) continue;
    faults.enter_step(at + 1);
    if (const auto reason = choice.reason_against(step)) step.skip = *reason;
  }
  faults.enter_step(0);
}

Result<Plan> chosen(Plan plan, const BuildFacts& facts, FaultList& faults) {
  model::PipelineDefinition definition{.env = std::move(plan.env),
                                       .steps = {},
                                       .groups = std::move(plan.groups),
                                       .notifications = std::move(plan.notifications)};
  for (PlannedStep& step : plan.steps) definition.steps.push_back(std::move(step.definition));
  choose_steps(definition, facts, faults);
  return pipeline::plan(std::move(definition));
}

}  // namespace ostler::pipeline
