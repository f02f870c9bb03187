// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "model/pipeline_definition.hpp"

namespace ostler::pipeline {

/// What comes before a place in a pipeline, or in a group, as far as a step there waits for it.
/// `Step` names a step.
template <class Step>
struct Before {
  std::optional<Step> last_wait{};
  /// Steps that no wait without `depends_on` covers.
  std::vector<Step> since_full_wait{};
  /// The same, where those that go on after a failure do not count: what failed before one of them
  /// still stops the next that does not.
  std::vector<Step> since_strict_wait{};

  /// Goes past a wait. `is_full`: it has no `depends_on`.
  void pass_wait(Step step, bool is_full, bool continues_on_failure) {
    last_wait = step;
    if (is_full) since_full_wait.clear();
    if (is_full && !continues_on_failure) since_strict_wait.clear();
    pass(step);
  }
  /// Goes past a step that holds nothing up.
  void pass(Step step) {
    since_full_wait.push_back(step);
    since_strict_wait.push_back(step);
  }
  void pass(Step step, const model::StepDefinition& definition) {
    if (!holds_up(definition)) return pass(step);
    pass_wait(step, !definition.depends_on, definition.continue_on_failure);
  }

  /// What a wait without `depends_on` covers.
  const std::vector<Step>& covered_by(const model::StepDefinition& wait) const {
    return wait.continue_on_failure ? since_full_wait : since_strict_wait;
  }

  /// Whether steps behind it wait for it: it is a wait that is to run.
  static bool holds_up(const model::StepDefinition& definition) {
    return definition.kind == model::StepKind::Wait && !definition.skip;
  }
};

}  // namespace ostler::pipeline
