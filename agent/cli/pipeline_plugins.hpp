// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/pipeline_input.hpp"
#include "plugin_host/step_reference.hpp"

namespace ostler::cli {

/// The step plugins that a pipeline names, in the order of its steps; `bare_names` as
/// plugin_host::step_reference has them. Errors: UserFault with the faults of the pipeline.
Result<std::vector<plugin_host::StepReference>> step_plugins_of(
    const PipelineInput& input, const std::vector<std::string>& bare_names);

}  // namespace ostler::cli
