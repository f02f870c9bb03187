// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/pipeline_definition.hpp"

namespace ostler::pipeline {

/// One dependency of a planned step.
struct Edge {
  std::size_t step = 0;  ///< index into Plan::steps; may be larger than the dependent's own
  /// Met also when that step failed, or never ran because of a failure (not when it was canceled).
  /// `allow_dependency_failure` of the dependent is already in it.
  bool allow_failure = false;

  friend bool operator==(const Edge&, const Edge&) = default;
};

struct PlannedStep {
  model::StepDefinition definition;
  std::vector<Edge> dependencies;  ///< each step at most once; sorted by step
};

/// The steps of a build in the order of the file, with every dependency, explicit or implicit, as
/// an edge; free of cycles. A wait is a step of its own, without a job: it depends on what comes
/// before it and what comes after depends on it, so that the edges stay linear in the steps.
struct Plan {
  model::Variables env{};
  std::vector<PlannedStep> steps{};
  std::vector<model::GroupDefinition> groups{};
  std::vector<model::Notification> notifications{};
};

/// How many jobs a build has that is made of them.
std::size_t count_jobs(const Plan& plan);

/// Works out who waits for whom:
/// - a step without `depends_on` depends on the last wait or block before it;
/// - `depends_on` replaces that, and may name steps before and after;
/// - a wait depends on every step since the wait before it, and on that wait; one with a
///   `depends_on` of its own depends on those instead, and on the wait before it;
/// - one with `continue_on_failure` may follow failures, but the next without it follows none of
///   those either;
/// - a block is like a wait; one with a `depends_on` of its own depends on those alone, and what
///   comes behind depends on it and on what it would have depended on without the block;
/// - an input depends on what it says alone, and nothing depends on it that does not say so;
/// - a wait or a block that is not to run holds nothing up, and waits for nothing;
/// - a wait in a group is one for the steps of the group; each of these depends on what the group
///   depends on, and without that on the last wait before the group;
/// - the key of a group stands for all its steps.
/// Errors: UserFault when a `depends_on` names no step, steps wait for each other in a circle, or
/// there are more than 200,000 dependencies.
/// Source: reference/pipeline-yaml.md 4, 5, 7, 19.
Result<Plan> plan(model::PipelineDefinition definition, std::string_view file = "pipeline.yml");

}  // namespace ostler::pipeline
