// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/pipeline_definition.hpp"

namespace ostler::pipeline {

/// `definition` as JSON that `parse` reads back to the same definition, places apart, whatever the
/// build's environment: nothing in it is expanded.
/// Requires: text is UTF-8, as `parse` gives it.
std::string print(const model::PipelineDefinition& definition);

}  // namespace ostler::pipeline
