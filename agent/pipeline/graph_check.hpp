// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "model/pipeline_definition.hpp"
#include "pipeline/fault_list.hpp"
#include "pipeline/plan.hpp"
#include "pipeline/step_keys.hpp"

namespace ostler::pipeline {

/// Adds the faults for which `plan` would refuse the steps.
void check_graph(const model::PipelineDefinition& definition, const KeyPlaces& places,
                 FaultList& faults);

/// The same of steps for a build that may have those that they name and that are not among them.
void check_graph_of_upload(const model::PipelineDefinition& definition, FaultList& faults);

/// As `plan` of plan.hpp, for a caller that has other faults of the text too: there is a plan when
/// there are none of either.
std::optional<Plan> plan(model::PipelineDefinition definition, FaultList& faults);

}  // namespace ostler::pipeline
