// SPDX-License-Identifier: Apache-2.0
#include "pipeline/plan_upload.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

#include "pipeline/fault_list.hpp"
#include "pipeline/graph_check.hpp"
#include "pipeline/step_keys.hpp"

namespace ostler::pipeline {
namespace {

using model::StepDefinition;
using model::StepKind;

/// Bounds what one upload can make of the hub's memory.
constexpr std::size_t kMostPresentEdges = 200'000;

using Dependencies = std::optional<std::vector<model::StepDependency>>;

/// What is only known before `plan` gets the steps.
struct Wish {
  bool has_depends_on = false;
  std::vector<PresentEdge> named;  ///< steps of the build that `depends_on` names
};

/// Divides the dependencies of an upload into those on the build and those within.
class UploadPlanner {
 public:
  UploadPlanner(const UploadSite& site, FaultList& faults) : site_(site), faults_(faults) {
    for (const PresentStep& step : site.keyed_steps) present_[step.key].push_back(&step);
  }

  std::optional<UploadPlan> run(model::PipelineDefinition definition) {
    check_keys(definition);
    take_wishes(definition);
    auto planned = plan(std::move(definition), faults_);
    if (!planned) return std::nullopt;
    groups_ = std::move(planned->groups);
    UploadPlan result{std::move(planned->env), {}, {}};
    std::size_t edge_count = 0;
    for (PlannedStep& step : planned->steps) {
      auto edges = present_edges(step.definition, wishes_[result.steps.size()]);
      edge_count += edges.size();
      if (edge_count > kMostPresentEdges) return too_many_edges(step, result.steps.size() + 1);
      result.steps.push_back({std::move(step), std::move(edges)});
    }
    result.groups = std::move(groups_);
    return result;
  }

 private:
  std::nullopt_t too_many_edges(const PlannedStep& step, std::size_t number) {
    faults_.enter_step(number);
    faults_.add(step.definition.at, "its steps have more than " +
                                        std::to_string(kMostPresentEdges) +
                                        " dependencies on steps of the build, from this step on; "
                                        "name fewer in depends_on, or put a wait between them");
    faults_.enter_step(0);
    return std::nullopt;
  }

  void check_keys(const model::PipelineDefinition& definition) {
    FaultList told_by_plan("");
    keys_.add_all(definition, {}, told_by_plan);
    for (std::size_t at = 0; at < definition.steps.size(); ++at) {
      faults_.enter_step(at + 1);
      check_key(definition.steps[at].key, definition.steps[at].at);
    }
    first_steps_ = first_steps_of_groups(definition);
    for (std::size_t group = 0; group < definition.groups.size(); ++group) {
      faults_.enter_step(first_steps_[group]);
      check_key(definition.groups[group].key, definition.groups[group].at);
    }
  }

  /// The numbers of the steps with which groups begin; that behind the last one for an empty one.
  static std::vector<std::size_t> first_steps_of_groups(
      const model::PipelineDefinition& definition) {
    std::vector<std::size_t> numbers(definition.groups.size(), definition.steps.size() + 1);
    for (std::size_t at = definition.steps.size(); at > 0; --at) {
      const auto group = definition.steps[at - 1].group;
      if (group) numbers[*group] = at;
    }
    return numbers;
  }

  void check_key(const std::string& key, model::SourcePosition at) {
    if (!present_.contains(key)) return;
    faults_.add(at, "the key \"" + key +
                        "\" has already been used by another step in this build; choose another");
  }

  void take_wishes(model::PipelineDefinition& definition) {
    for (std::size_t group = 0; group < definition.groups.size(); ++group) {
      faults_.enter_step(first_steps_[group]);
      group_wishes_.push_back(take_wish(definition.groups[group].depends_on));
    }
    for (std::size_t at = 0; at < definition.steps.size(); ++at) {
      faults_.enter_step(at + 1);
      wishes_.push_back(take_wish(definition.steps[at].depends_on));
    }
    faults_.enter_step(0);
  }

  /// Takes the dependencies on steps of the build out of `dependencies`.
  Wish take_wish(Dependencies& dependencies) {
    Wish wish;
    if (!dependencies) return wish;
    wish.has_depends_on = true;
    std::vector<model::StepDependency> within;
    std::map<std::string, bool> named;  // whether a failure is allowed
    for (model::StepDependency& dependency : *dependencies) {
      const auto [at, is_new] = named.try_emplace(dependency.key, dependency.allow_failure);
      if (!is_new && (dependency.allow_failure || !at->second)) continue;
      at->second = dependency.allow_failure;
      const auto found = present_.find(dependency.key);
      const bool is_within = keys_.contains(dependency.key) || found == present_.end();
      if (is_within) {
        within.push_back(std::move(dependency));
        continue;
      }
      for (const PresentStep* step : found->second) {
        refuse_if_it_waits(*step, dependency);
        wish.named.push_back({step->id, dependency.allow_failure});
      }
    }
    dependencies = std::move(within);
    return wish;
  }

  void refuse_if_it_waits(const PresentStep& step, const model::StepDependency& dependency) {
    if (!step.waits_for_upload) return;
    faults_.add(dependency.at, "depends_on names \"" + step.key +
                                   "\", which itself waits for what this job uploads; remove that "
                                   "dependency");
  }

  std::vector<PresentEdge> present_edges(const StepDefinition& step, Wish& wish) {
    if (site_.before.is_left_out(step)) return {};
    std::vector<PresentEdge> edges = std::move(wish.named);
    for (PresentEdge& edge : edges) edge.allow_failure |= step.continue_on_failure;
    edges.push_back({site_.uploader});
    if (step.group) {
      add_edges_of_group(step, wish.has_depends_on, edges);
    } else {
      add_edges_of_place(step, wish.has_depends_on, edges);
    }
    normalise(edges, step.allow_dependency_failure);
    return edges;
  }

  void add_edges_of_group(const StepDefinition& step, bool has_depends_on,
                          std::vector<PresentEdge>& edges) const {
    const Wish& wish = group_wishes_[*step.group];
    const bool allow_any = groups_[*step.group].allow_dependency_failure;
    for (const PresentEdge& edge : wish.named) {
      edges.push_back({edge.step, edge.allow_failure || allow_any});
    }
    const bool takes_place =
        !wish.has_depends_on && !has_depends_on && step.kind != StepKind::Input;
    if (!takes_place || has_wait_) return;
    for (const StepId barrier : site_.before.barriers) edges.push_back({barrier, allow_any});
  }

  void add_edges_of_place(const StepDefinition& step, bool has_depends_on,
                          std::vector<PresentEdge>& edges) {
    const Before<StepId>& before = site_.before;
    const bool is_held_up = before.is_held_up(step.kind, has_depends_on);
    if (is_held_up && !has_wait_) {
      for (const StepId barrier : before.barriers) edges.push_back({barrier});
    }
    const bool is_covered = step.continue_on_failure ? has_full_wait_ : has_strict_wait_;
    if (before.is_full(step.kind, has_depends_on) && !is_covered) {
      for (const StepId id : before.covered_by(step)) {
        edges.push_back({id, step.continue_on_failure});
      }
    }
    if (!before.holds_up(step)) return;
    has_wait_ |= is_held_up;
    has_full_wait_ |= !has_depends_on;
    has_strict_wait_ |= !has_depends_on && !step.continue_on_failure;
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
  FaultList& faults_;
  StepKeys keys_;
  std::unordered_map<std::string, std::vector<const PresentStep*>> present_;
  std::vector<Wish> wishes_;              ///< of the steps
  std::vector<Wish> group_wishes_;        ///< of the groups
  std::vector<std::size_t> first_steps_;  ///< their numbers, of the groups
  std::vector<model::GroupDefinition> groups_;
  // Of the upload, outside of groups, before the step that is looked at: a wait or a block.
  bool has_wait_ = false;         ///< one that stands for those before it
  bool has_full_wait_ = false;    ///< one without `depends_on`
  bool has_strict_wait_ = false;  ///< the same, and without `continue_on_failure`
};

}  // namespace

Result<UploadPlan> plan_upload(model::PipelineDefinition definition, const UploadSite& site,
                               std::string_view name) {
  FaultList faults(name, FaultList::Naming::Steps);
  auto planned = plan_upload(std::move(definition), site, faults);
  if (!planned) return faults.error();
  return std::move(*planned);
}

std::optional<UploadPlan> plan_upload(model::PipelineDefinition definition, const UploadSite& site,
                                      FaultList& faults) {
  return UploadPlanner(site, faults).run(std::move(definition));
}

}  // namespace ostler::pipeline
