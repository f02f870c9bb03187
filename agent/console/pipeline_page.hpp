// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "console/terminal.hpp"
#include "wire/rest_answers.hpp"

// Pipelines as they are now, for people.
namespace ostler::console {

/// One line for each pipeline.
void print_pipelines(const std::vector<wire::RestPipelineAnswer>& pipelines, Terminal& terminal);

/// A pipeline's settings, what runs of it, and its configuration.
void print_pipeline(const wire::RestPipelineAnswer& pipeline, Terminal& terminal);

}  // namespace ostler::console
