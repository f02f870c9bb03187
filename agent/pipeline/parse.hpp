// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/pipeline_definition.hpp"
#include "pipeline/fault_list.hpp"
#include "pipeline/placed_refusal.hpp"

namespace ostler::pipeline {

/// Reads a pipeline written in YAML or JSON and interpolates it: first the top-level `env` in
/// order, each entry able to use earlier ones and `build_env`, then the steps. Of several
/// documents the steps stand one behind the other, as when a job uploads them. `file` names the
/// text in errors.
/// Errors: UserFault with every fault found, one per line, in the order of the text:
/// "file:line:column: what; what to do".
Result<model::PipelineDefinition> parse(std::string_view yaml, const model::Variables& build_env,
                                        std::string_view file = "pipeline.yml");

/// The same, for a caller that shows the faults itself: they are in `faults`, and there is a
/// definition when there are none.
std::optional<model::PipelineDefinition> parse(std::string_view yaml,
                                               const model::Variables& build_env,
                                               FaultList& faults);

/// Reads a pipeline that an agent uploads: JSON in which nothing is left to interpolate.
/// `depends_on` may name steps that the build has already, so that is not a fault here.
/// Errors: UserFault with every fault found, one per line: "name: step <n> "<label>": what; what to
/// do".
Result<model::PipelineDefinition> parse_upload(std::string_view json,
                                               std::string_view name = "pipeline");

struct StepPlace {
  model::SourcePosition at;                      ///< where it begins
  model::SourcePosition agents;                  ///< its own or the pipeline's; line 0: none
  std::vector<model::ConditionText> conditions;  ///< its own and its group's
};

/// Where a document has what a hub may refuse. Line 0: it has none.
struct UploadPlaces {
  std::vector<StepPlace> steps{};  ///< in the order in which a hub counts them
  model::SourcePosition env{};
  model::SourcePosition notify{};
};

/// Those of an uploaded document. The faults that reading it shows are added; it is read as far as
/// it can be.
UploadPlaces places_of_upload(const UploadedText& upload, FaultList& faults);

}  // namespace ostler::pipeline
