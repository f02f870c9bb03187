// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "model/pipeline_definition.hpp"
#include "pipeline/fault_list.hpp"
#include "pipeline/step_edges.hpp"
#include "pipeline/step_keys.hpp"

namespace ostler::pipeline {

/// How the fault of a circle begins.
inline constexpr std::string_view kInACircle = "steps wait for each other in a circle: ";

/// Adds a fault for each circle of steps that wait for each other, at the `depends_on` that closes
/// it by naming the step itself or one behind it; without these no circle is left. `edges` are
/// those of `definition`, which has these `keys`.
void check_circles(const model::PipelineDefinition& definition, const StepKeys& keys,
                   std::vector<std::vector<Edge>> edges, FaultList& faults);

}  // namespace ostler::pipeline
