// SPDX-License-Identifier: Apache-2.0
#include "pipeline/step_edges.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "pipeline/before.hpp"

namespace ostler::pipeline {
namespace {

using model::StepDefinition;
using model::StepKind;

/// Bounds what one text can make of the store.
constexpr std::size_t kMostEdges = 200'000;

/// Sorts, and joins edges to the same step: the one that wants success wins.
void normalise(std::vector<Edge>& edges, bool allow_any_failure) {
  std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) {
    return std::pair(a.step, a.allow_failure) < std::pair(b.step, b.allow_failure);
  });
  const auto same_step = [](const Edge& a, const Edge& b) { return a.step == b.step; };
  edges.erase(std::unique(edges.begin(), edges.end(), same_step), edges.end());
  for (Edge& edge : edges) edge.allow_failure |= allow_any_failure;
}

/// Works out the edges of one step after the other.
class EdgePlanner {
 public:
  EdgePlanner(const model::PipelineDefinition& definition, const StepKeys& keys)
      : definition_(definition), keys_(keys) {}

  std::vector<Edge> next() {
    const StepDefinition& step = definition_.steps[index_];
    enter_group(step.group);
    std::vector<Edge> edges = edges_of(step);
    normalise(edges, step.allow_dependency_failure);
    if (step.group) {
      inside_.pass(index_, step);
      if (step.kind != StepKind::Input) outside_.pass(index_);
    } else {
      outside_.pass(index_, step);
    }
    ++index_;
    return edges;
  }

 private:
  using Dependencies = std::optional<std::vector<model::StepDependency>>;

  void enter_group(std::optional<std::size_t> group) {
    if (group != group_) inside_ = {};
    group_ = group;
  }

  std::vector<Edge> named(const Dependencies& dependencies, bool allow_any_failure) const {
    std::vector<Edge> edges;
    if (!dependencies) return edges;
    std::set<std::pair<std::string_view, bool>> seen;
    for (const model::StepDependency& dependency : *dependencies) {
      if (!seen.emplace(dependency.key, dependency.allow_failure).second) continue;
      for (const std::size_t index : keys_.steps_of(dependency.key)) {
        edges.push_back({index, dependency.allow_failure || allow_any_failure});
      }
    }
    return edges;
  }

  std::vector<Edge> edges_of(const StepDefinition& step) const {
    if (outside_.is_left_out(step)) return {};
    return step.group ? edges_in_group(step) : edges_behind(step, outside_);
  }

  /// Those that a step says or that its place among others gives it.
  std::vector<Edge> edges_behind(const StepDefinition& step,
                                 const Before<std::size_t>& before) const {
    const bool has_depends_on = step.depends_on.has_value();
    std::vector<Edge> edges = named(step.depends_on, step.continue_on_failure);
    if (before.is_held_up(step.kind, has_depends_on)) {
      for (const std::size_t index : before.barriers) edges.push_back({index});
    }
    if (!before.is_full(step.kind, has_depends_on)) return edges;
    for (const std::size_t index : before.covered_by(step)) {
      edges.push_back({index, step.continue_on_failure});
    }
    return edges;
  }

  /// A wait in the group is one for the group alone; what the group waits for each of its steps
  /// does.
  std::vector<Edge> edges_in_group(const StepDefinition& step) const {
    const model::GroupDefinition& group = definition_.groups[*step.group];
    std::vector<Edge> edges = edges_behind(step, inside_);
    const auto of_group = named(group.depends_on, group.allow_dependency_failure);
    edges.insert(edges.end(), of_group.begin(), of_group.end());
    const bool takes_place = !group.depends_on && !step.depends_on && step.kind != StepKind::Input;
    if (!takes_place) return edges;
    for (const std::size_t index : outside_.barriers) {
      edges.push_back({index, group.allow_dependency_failure});
    }
    return edges;
  }

  const model::PipelineDefinition& definition_;
  const StepKeys& keys_;
  std::size_t index_ = 0;
  std::optional<std::size_t> group_;  ///< of the last step
  Before<std::size_t> outside_;       ///< of groups
  Before<std::size_t> inside_;        ///< the group of the last step
};

}  // namespace

std::vector<std::vector<Edge>> step_edges(const model::PipelineDefinition& definition,
                                          const StepKeys& keys, FaultList& faults) {
  std::vector<std::vector<Edge>> edges;
  EdgePlanner planner(definition, keys);
  std::size_t count = 0;
  while (edges.size() < definition.steps.size()) {
    count += edges.emplace_back(planner.next()).size();
    if (count <= kMostEdges) continue;
    faults.enter_step(edges.size());
    faults.add(definition.steps[edges.size() - 1].at,
               "up to this step there are more than 200000 dependencies; put a wait between the "
               "steps instead of naming each");
    faults.enter_step(0);
    return {};
  }
  return edges;
}

}  // namespace ostler::pipeline
