// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "model/pipeline_definition.hpp"

namespace ostler::pipeline {

/// Reads a pipeline written in YAML or JSON and interpolates it: first the top-level `env` in
/// order, each entry able to use earlier ones and `build_env`, then the steps. `file` names the
/// text in errors.
/// Errors: UserFault with every fault found, one per line, in the order of the text:
/// "file:line:column: what; what to do", or "not supported yet: <what>, step <n>, line <l>" for
/// what the language has and this parser does not.
Result<model::PipelineDefinition> parse(std::string_view yaml, const model::Variables& build_env,
                                        std::string_view file = "pipeline.yml");

}  // namespace ostler::pipeline
