// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "model/pipeline_definition.hpp"
#include "pipeline/fault_list.hpp"
#include "pipeline/plan.hpp"
#include "pipeline/step_keys.hpp"

namespace ostler::pipeline {

/// The dependencies of each step, in the order of the steps: each step at most once, sorted by
/// step. What `plan` says of them holds; a `depends_on` that names no step makes none. A fault and
/// nothing when there are more than 200,000.
std::vector<std::vector<Edge>> step_edges(const model::PipelineDefinition& definition,
                                          const StepKeys& keys, FaultList& faults);

}  // namespace ostler::pipeline
