// SPDX-License-Identifier: Apache-2.0
#include "pipeline/circle_check.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/assert.hpp"

namespace ostler::pipeline {
namespace {

using Circle = std::vector<std::size_t>;
using Edges = std::vector<std::vector<Edge>>;

/// Finds circles by walking edges depth first, without recursion.
class CircleSearch {
 public:
  explicit CircleSearch(const Edges& edges) : edges_(edges), marks_(edges.size(), Mark::New) {}

  /// Indices of the steps of one circle, each waiting for the next, the last for the first. What
  /// led into no circle is not walked again by the next call, before which edges may be removed.
  Circle next() {
    for (; start_ < edges_.size(); ++start_) {
      if (marks_[start_] == Mark::New) enter(start_);
      while (!path_.empty()) {
        if (Circle circle = step_once(); !circle.empty()) return leave(std::move(circle));
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

  Circle step_once() {
    Visit& visit = path_.back();
    const auto& edges = edges_[visit.step];
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

  Circle circle_from(std::size_t first) const {
    Circle circle;
    for (const Visit& visit : path_) {
      if (!circle.empty() || visit.step == first) circle.push_back(visit.step);
    }
    return circle;
  }

  Circle leave(Circle circle) {
    for (const Visit& visit : path_) marks_[visit.step] = Mark::New;
    path_.clear();
    return circle;
  }

  const Edges& edges_;
  std::vector<Mark> marks_;
  std::vector<Visit> path_;
  std::size_t start_ = 0;
};

class CircleCheck {
 public:
  CircleCheck(const model::PipelineDefinition& definition, const StepKeys& keys, Edges edges,
              FaultList& faults)
      : definition_(definition), keys_(keys), edges_(std::move(edges)), faults_(faults) {}

  void run() {
    CircleSearch search(edges_);
    while (!faults_.is_full()) {
      const Circle circle = search.next();
      if (circle.empty()) return;
      complain(circle);
    }
  }

 private:
  /// An entry of the `depends_on` of a step or of its group.
  struct Blamed {
    std::size_t step = 0;
    const model::StepDependency* dependency = nullptr;
  };

  void complain(const Circle& circle) {
    const Blamed blamed = blamed_for(circle);
    faults_.enter_step(blamed.step + 1);
    faults_.add(blamed.dependency->at, text_of(circle));
    faults_.enter_step(0);
    forget(blamed);
  }

  /// Only what is written leads to the step itself or one behind it, and no circle is without such
  /// an edge.
  Blamed blamed_for(const Circle& circle) const {
    std::size_t at = 0;
    while (at < circle.size() && circle[(at + 1) % circle.size()] < circle[at]) ++at;
    OSTLER_ASSERT(at < circle.size());
    const auto* dependency = dependency_between(circle[at], circle[(at + 1) % circle.size()]);
    OSTLER_ASSERT(dependency != nullptr);
    return {circle[at], dependency};
  }

  const model::StepDependency* dependency_between(std::size_t from, std::size_t to) const {
    const model::StepDefinition& step = definition_.steps[from];
    if (const auto* own = dependency_on(to, step.depends_on)) return own;
    return step.group ? dependency_on(to, definition_.groups[*step.group].depends_on) : nullptr;
  }

  using Dependencies = std::optional<std::vector<model::StepDependency>>;

  const model::StepDependency* dependency_on(std::size_t step,
                                             const Dependencies& dependencies) const {
    if (!dependencies) return nullptr;
    const auto found = std::ranges::find_if(
        *dependencies, [&](const auto& dependency) { return keys_.names(dependency.key, step); });
    return found == dependencies->end() ? nullptr : &*found;
  }

  /// Drops the edges that the entry makes, for all steps of its group if it is that one's.
  void forget(const Blamed& blamed) {
    const auto named = keys_.steps_of(blamed.dependency->key);  // one behind the other
    const auto is_of_entry = [&](const Edge& edge) {
      return edge.step >= named.front() && edge.step <= named.back();
    };
    const auto group = definition_.steps[blamed.step].group;
    const bool is_of_group = group && is_in(*blamed.dependency, definition_.groups[*group]);
    for (std::size_t at = 0; at < edges_.size(); ++at) {
      const bool concerned = is_of_group ? definition_.steps[at].group == group : at == blamed.step;
      if (concerned) std::erase_if(edges_[at], is_of_entry);
    }
  }

  static bool is_in(const model::StepDependency& dependency, const model::GroupDefinition& group) {
    if (!group.depends_on) return false;
    return std::ranges::any_of(*group.depends_on,
                               [&](const auto& other) { return &other == &dependency; });
  }

  std::string text_of(const Circle& circle) const {
    constexpr std::size_t kShown = 8;
    std::string text(kInACircle);
    for (std::size_t i = 0; i < std::min(circle.size(), kShown); ++i) {
      text += name_of(circle[i]) + " -> ";
    }
    if (circle.size() > kShown) text += "... -> ";
    return text + name_of(circle[0]) + "; remove one depends_on";
  }

  std::string name_of(std::size_t index) const {
    const model::StepDefinition& step = definition_.steps[index];
    if (!step.key.empty()) return "\"" + step.key + "\"";
    const bool is_placed_wait =
        step.kind == model::StepKind::Wait && step.at.line > 0 && faults_.names_places();
    if (is_placed_wait) return "the wait in line " + std::to_string(step.at.line);
    return "step " + std::to_string(index + 1);
  }

  const model::PipelineDefinition& definition_;
  const StepKeys& keys_;
  Edges edges_;
  FaultList& faults_;
};

}  // namespace

void check_circles(const model::PipelineDefinition& definition, const StepKeys& keys,
                   std::vector<std::vector<Edge>> edges, FaultList& faults) {
  CircleCheck(definition, keys, std::move(edges), faults).run();
}

}  // namespace ostler::pipeline
