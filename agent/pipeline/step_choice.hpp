// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "model/pipeline_definition.hpp"
#include "pipeline/build_facts.hpp"
#include "pipeline/fault_list.hpp"
#include "pipeline/plan.hpp"

namespace ostler::pipeline {

/// Whether it depends on the build which of the steps run.
bool has_choice(const model::PipelineDefinition& definition);
bool has_choice(const Plan& plan);

/// Gives each step that is not for this build the reason in its `skip`: "branch_mismatch" or
/// "conditional_failed". A step that is skipped anyway keeps its own reason.
/// A condition that has no answer is a fault.
/// Source: reference/pipeline-yaml.md 18.4, 21, 22.
void choose_steps(model::PipelineDefinition& definition, const BuildFacts& facts,
                  FaultList& faults);
/// The same of steps that are planned: what is not for this build holds nothing up.
Result<Plan> chosen(Plan plan, const BuildFacts& facts, FaultList& faults);

}  // namespace ostler::pipeline
