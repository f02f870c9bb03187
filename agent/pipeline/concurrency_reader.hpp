// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "pipeline/step_attributes.hpp"

// What a step says of its concurrency group. Source: reference/pipeline-yaml.md 3 and 20.
namespace ostler::pipeline {

void read_concurrency(StepDraft& draft, const YamlNode& value, std::string_view name);
void read_concurrency_group(StepDraft& draft, const YamlNode& value, std::string_view name);
void read_concurrency_method(StepDraft& draft, const YamlNode& value, std::string_view name);

/// Adds a fault where one of them misses another. `seen`: the keys of the step.
void check_concurrency(const AttributePlaces& seen, FaultList& faults);

}  // namespace ostler::pipeline
