// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "model/pipeline_definition.hpp"

namespace ostler::pipeline {

/// What comes before a place in a pipeline, or in a group, as far as a step there waits for it.
/// `Step` names a step.
template <class Step>
struct Before {
  /// The last wait or block, with the blocks before it for which it does not stand.
  std::vector<Step> barriers{};
  /// Steps that no wait or block without `depends_on` covers.
  std::vector<Step> since_full_wait{};
  /// The same, where those that go on after a failure do not count: what failed before one of them
  /// still stops the next that does not.
  std::vector<Step> since_strict_wait{};

  /// Goes past a wait. `is_full`: it has no `depends_on`.
  void pass_wait(Step step, bool is_full, bool continues_on_failure) {
    barriers = {step};
    if (is_full) since_full_wait.clear();
    if (is_full && !continues_on_failure) since_strict_wait.clear();
    pass(step);
  }
  /// Goes past a block. One that says itself what it depends on does not wait for the barriers
  /// before it.
  void pass_block(Step step, bool is_full) {
    if (is_full) *this = {};
    barriers.push_back(step);
    pass(step);
  }
  /// Goes past a step that holds nothing up.
  void pass(Step step) {
    since_full_wait.push_back(step);
    since_strict_wait.push_back(step);
  }
  void pass(Step step, const model::StepDefinition& definition) {
    if (definition.kind == model::StepKind::Input) return;
    if (!holds_up(definition)) return pass(step);
    if (definition.kind == model::StepKind::Block) return pass_block(step, !definition.depends_on);
    pass_wait(step, !definition.depends_on, definition.continue_on_failure);
  }

  /// Whether a step waits for `barriers`.
  static bool is_held_up(model::StepKind kind, bool has_depends_on) {
    return kind == model::StepKind::Wait || (kind != model::StepKind::Input && !has_depends_on);
  }
  /// Whether a step waits for all that it covers.
  static bool is_full(model::StepKind kind, bool has_depends_on) {
    return (kind == model::StepKind::Wait || kind == model::StepKind::Block) && !has_depends_on;
  }
  /// What a wait or a block without `depends_on` covers.
  const std::vector<Step>& covered_by(const model::StepDefinition& step) const {
    return step.continue_on_failure ? since_full_wait : since_strict_wait;
  }

  /// Whether steps behind it wait for it: it is a wait or a block, and is to run.
  static bool holds_up(const model::StepDefinition& definition) {
    return is_barrier(definition) && !definition.skip;
  }
  /// Whether it is a wait or a block, and is not to run: it waits for nothing, so that many of
  /// them do not make an edge to each step each.
  static bool is_left_out(const model::StepDefinition& definition) {
    return is_barrier(definition) && definition.skip;
  }

 private:
  static bool is_barrier(const model::StepDefinition& definition) {
    return definition.kind == model::StepKind::Wait || definition.kind == model::StepKind::Block;
  }
};

}  // namespace ostler::pipeline
