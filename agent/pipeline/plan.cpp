// SPDX-License-Identifier: Apache-2.0
#include "pipeline/plan.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "model/step_jobs.hpp"
#include "pipeline/fault_list.hpp"
#include "pipeline/step_keys.hpp"

namespace ostler::pipeline {
namespace {

using model::StepDefinition;
using model::StepKind;

/// What comes before the step that is looked at.
struct Before {
  std::optional<std::size_t> last_wait;
  std::vector<std::size_t> since_full_wait;  ///< steps that no wait without `depends_on` covers
};

std::vector<Edge> explicit_edges(const StepDefinition& step, const StepKeys& keys) {
  std::vector<Edge> edges;
  for (const model::StepDependency& dependency : *step.depends_on) {
    edges.push_back({*keys.index_of(dependency.key), dependency.allow_failure});
  }
  return edges;
}

std::vector<Edge> edges_of(const StepDefinition& step, const StepKeys& keys, const Before& before) {
  std::vector<Edge> edges;
  if (step.depends_on) edges = explicit_edges(step, keys);
  const bool is_wait = step.kind == StepKind::Wait;
  if (before.last_wait && (is_wait || !step.depends_on)) edges.push_back({*before.last_wait});
  if (is_wait && !step.depends_on) {
    for (const std::size_t index : before.since_full_wait) edges.push_back({index});
  }
  return edges;
}

/// Sorts, and joins edges to the same step: the one that wants success wins.
void normalise(std::vector<Edge>& edges, bool allow_any_failure) {
  std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) {
    return std::pair(a.step, a.allow_failure) < std::pair(b.step, b.allow_failure);
  });
  const auto same_step = [](const Edge& a, const Edge& b) { return a.step == b.step; };
  edges.erase(std::unique(edges.begin(), edges.end(), same_step), edges.end());
  for (Edge& edge : edges) edge.allow_failure |= allow_any_failure;
}

void pass(std::size_t index, const StepDefinition& step, Before& before) {
  if (step.kind == StepKind::Wait) {
    before.last_wait = index;
    if (!step.depends_on) before.since_full_wait.clear();
  }
  before.since_full_wait.push_back(index);
}

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

}  // namespace

std::size_t count_jobs(const Plan& plan) {
  std::size_t count = 0;
  for (const PlannedStep& step : plan.steps) count += model::count_jobs(step.definition);
  return count;
}

Result<Plan> plan(model::PipelineDefinition definition, std::string_view file) {
  FaultList faults(file);
  StepKeys keys;
  for (std::size_t i = 0; i < definition.steps.size(); ++i) {
    keys.add(definition.steps[i], i, faults);
  }
  check_dependencies(definition, keys, faults);
  if (!faults.empty()) return faults.error();

  Plan plan{std::move(definition.env), {}};
  Before before;
  for (StepDefinition& step : definition.steps) {
    auto edges = edges_of(step, keys, before);
    normalise(edges, step.allow_dependency_failure);
    pass(plan.steps.size(), step, before);
    plan.steps.push_back({std::move(step), std::move(edges)});
  }
  const auto circle = CircleSearch(plan.steps).run();
  if (circle.empty()) return plan;
  faults.add(plan.steps[circle[0]].definition.at, circle_text(plan.steps, circle));
  return faults.error();
}

}  // namespace ostler::pipeline
