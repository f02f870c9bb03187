// SPDX-License-Identifier: Apache-2.0
#include "pipeline/plan_upload.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "pipeline/fault_list.hpp"
#include "pipeline/step_keys.hpp"

namespace ostler::pipeline {
namespace {

using model::StepDefinition;
using model::StepKind;

/// What is only known before `plan` gets the steps.
struct Wish {
  bool has_depends_on = false;
  std::vector<PresentEdge> named;  ///< steps of the build that `depends_on` names
};

/// Divides the dependencies of an upload into those on the build and those within.
class UploadPlanner {
 public:
  UploadPlanner(const UploadSite& site, std::string_view name)
      : site_(site), name_(name), faults_(name, FaultList::Naming::Steps) {
    for (const PresentStep& step : site.keyed_steps) present_.emplace(step.key, &step);
  }

  Result<UploadPlan> run(model::PipelineDefinition definition) {
    check_keys(definition);
    for (StepDefinition& step : definition.steps) wishes_.push_back(take_wish(step));
    check_dependencies(definition, keys_, faults_);
    if (!faults_.empty()) return faults_.error();
    for (StepDefinition& step : definition.steps) step.at = {};
    OSTLER_TRY(Plan planned, plan(std::move(definition), name_));
    UploadPlan result{std::move(planned.env), {}};
    for (PlannedStep& step : planned.steps) {
      auto edges = present_edges(step.definition, wishes_[result.steps.size()]);
      result.steps.push_back({std::move(step), std::move(edges)});
    }
    return result;
  }

 private:
  void check_keys(const model::PipelineDefinition& definition) {
    for (const StepDefinition& step : definition.steps) {
      faults_.enter_step(++number_);
      keys_.add(step, number_ - 1, faults_);
      if (!present_.contains(step.key)) continue;
      faults_.add(step.at, "the key \"" + step.key +
                               "\" has already been used by another step in this build; choose "
                               "another");
    }
    number_ = 0;
  }

  /// Takes the dependencies on steps of the build out of `step`.
  Wish take_wish(StepDefinition& step) {
    faults_.enter_step(++number_);
    Wish wish;
    if (!step.depends_on) return wish;
    wish.has_depends_on = true;
    std::vector<model::StepDependency> within;
    for (model::StepDependency& dependency : *step.depends_on) {
      const auto found = present_.find(dependency.key);
      const bool is_within = keys_.index_of(dependency.key) || found == present_.end();
      if (is_within) {
        within.push_back(std::move(dependency));
        continue;
      }
      refuse_if_it_waits(*found->second, dependency);
      wish.named.push_back({found->second->id, dependency.allow_failure});
    }
    step.depends_on = std::move(within);
    return wish;
  }

  void refuse_if_it_waits(const PresentStep& step, const model::StepDependency& dependency) {
    if (!step.waits_for_upload) return;
    faults_.add(dependency.at, "depends_on names \"" + step.key +
                                   "\", which itself waits for what this job uploads; remove that "
                                   "dependency");
  }

  std::vector<PresentEdge> present_edges(const StepDefinition& step, Wish& wish) {
    std::vector<PresentEdge> edges = std::move(wish.named);
    edges.push_back({site_.uploader});
    const bool is_wait = step.kind == StepKind::Wait;
    if (!has_wait_ && site_.last_wait && (is_wait || !wish.has_depends_on)) {
      edges.push_back({*site_.last_wait});
    }
    if (is_wait && !wish.has_depends_on && !has_full_wait_) {
      for (const StepId before : site_.since_full_wait) edges.push_back({before});
    }
    has_wait_ |= is_wait;
    has_full_wait_ |= is_wait && !wish.has_depends_on;
    normalise(edges, step.allow_dependency_failure);
    return edges;
  }

  /// As in a plan: of two edges to one step the one that wants success wins.
  static void normalise(std::vector<PresentEdge>& edges, bool allow_any_failure) {
    std::ranges::sort(edges, {}, [](const PresentEdge& edge) {
      return std::pair(edge.step, edge.allow_failure);
    });
    const auto repeats = std::ranges::unique(edges, {}, &PresentEdge::step);
    edges.erase(repeats.begin(), repeats.end());
    for (PresentEdge& edge : edges) edge.allow_failure |= allow_any_failure;
  }

  const UploadSite& site_;
  std::string_view name_;
  FaultList faults_;
  StepKeys keys_;
  std::unordered_map<std::string, const PresentStep*> present_;
  std::vector<Wish> wishes_;
  std::size_t number_ = 0;
  bool has_wait_ = false;       ///< of the upload, before the step that is looked at
  bool has_full_wait_ = false;  ///< the same: one without `depends_on`
};

}  // namespace

Result<UploadPlan> plan_upload(model::PipelineDefinition definition, const UploadSite& site,
                               std::string_view name) {
  return UploadPlanner(site, name).run(std::move(definition));
}

}  // namespace ostler::pipeline
