// SPDX-License-Identifier: Apache-2.0
#include "pipeline/plan.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "model/step_jobs.hpp"
#include "pipeline/before.hpp"
#include "pipeline/fault_list.hpp"
#include "pipeline/step_keys.hpp"

namespace ostler::pipeline {
namespace {

using model::StepDefinition;
using model::StepKind;

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

std::string name_of(const PlannedStep& step, std::size_t index) {
  const StepDefinition& definition = step.definition;
  if (!definition.key.empty()) return "\"" + definition.key + "\"";
  const bool is_placed_wait = definition.kind == StepKind::Wait && definition.at.line > 0;
  if (is_placed_wait) return "the wait in line " + std::to_string(definition.at.line);
  return "step " + std::to_string(index + 1);
}

/// Finds a circle of edges by walking them depth first, without recursion.
class CircleSearch {
 public:
  explicit CircleSearch(const std::vector<PlannedStep>& steps)
      : steps_(steps), marks_(steps.size(), Mark::New) {}

  /// Indices of the steps of one circle, each waiting for the next, the last for the first.
  std::vector<std::size_t> run() {
    for (std::size_t start = 0; start < steps_.size(); ++start) {
      if (marks_[start] == Mark::New) enter(start);
      while (!path_.empty()) {
        if (auto circle = step_once(); !circle.empty()) return circle;
      }
    }
    return {};
  }

 private:
  enum class Mark : std::uint8_t { New, OnPath, Done };
  struct Visit {
    std::size_t step;
    std::size_t next_edge = 0;
  };

  void enter(std::size_t step) {
    marks_[step] = Mark::OnPath;
    path_.push_back({step});
  }

  std::vector<std::size_t> step_once() {
    Visit& visit = path_.back();
    const auto& edges = steps_[visit.step].dependencies;
    if (visit.next_edge == edges.size()) {
      marks_[visit.step] = Mark::Done;
      path_.pop_back();
      return {};
    }
    const std::size_t target = edges[visit.next_edge++].step;
    if (marks_[target] == Mark::OnPath) return circle_from(target);
    if (marks_[target] == Mark::New) enter(target);
    return {};
  }

  std::vector<std::size_t> circle_from(std::size_t first) const {
    std::vector<std::size_t> circle;
    for (const Visit& visit : path_) {
      if (!circle.empty() || visit.step == first) circle.push_back(visit.step);
    }
    return circle;
  }

  const std::vector<PlannedStep>& steps_;
  std::vector<Mark> marks_;
  std::vector<Visit> path_;
};

std::string circle_text(const std::vector<PlannedStep>& steps,
                        const std::vector<std::size_t>& circle) {
  constexpr std::size_t kShown = 8;
  std::string text = "steps wait for each other in a circle: ";
  for (std::size_t i = 0; i < std::min(circle.size(), kShown); ++i) {
    text += name_of(steps[circle[i]], circle[i]) + " -> ";
  }
  if (circle.size() > kShown) text += "... -> ";
  return text + name_of(steps[circle[0]], circle[0]) + "; remove one depends_on";
}

/// Bounds what one text can make of the store.
constexpr std::size_t kMostEdges = 200'000;

Error too_many_edges(const StepDefinition& step, FaultList& faults) {
  faults.add(
      step.at,
      "up to this step there are more than 200000 dependencies; put a wait between the steps "
      "instead of naming each");
  return faults.error();
}

}  // namespace

std::size_t count_jobs(const Plan& plan) {
  std::size_t count = 0;
  for (const PlannedStep& step : plan.steps) count += model::count_jobs(step.definition);
  return count;
}

Result<Plan> plan(model::PipelineDefinition definition, std::string_view file) {
  FaultList faults(file);
  StepKeys keys;
  keys.add_all(definition, faults);
  check_dependencies(definition, keys, faults);
  if (!faults.empty()) return faults.error();

  std::vector<std::vector<Edge>> edges;
  EdgePlanner planner(definition, keys);
  std::size_t edge_count = 0;
  while (edges.size() < definition.steps.size()) {
    edge_count += edges.emplace_back(planner.next()).size();
    if (edge_count > kMostEdges) return too_many_edges(definition.steps[edges.size() - 1], faults);
  }
  Plan plan{.env = std::move(definition.env),
            .groups = std::move(definition.groups),
            .notifications = std::move(definition.notifications)};
  for (std::size_t at = 0; at < edges.size(); ++at) {
    plan.steps.push_back({std::move(definition.steps[at]), std::move(edges[at])});
  }
  const auto circle = CircleSearch(plan.steps).run();
  if (circle.empty()) return plan;
  faults.add(plan.steps[circle[0]].definition.at, circle_text(plan.steps, circle));
  return faults.error();
}

}  // namespace ostler::pipeline
