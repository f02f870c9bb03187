// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/pipeline_definition.hpp"
#include "pipeline/value_reader.hpp"
#include "pipeline/yaml_document.hpp"

namespace ostler::pipeline {

/// Reads the value of `matrix`. Source: reference/pipeline-yaml.md 8.
model::Matrix read_matrix(ValueReader& values, const YamlNode& value);

/// Adds a fault for a matrix token in a text of `step` that no dimension of its matrix stands for.
/// `node` is the step as it is written.
void check_matrix_tokens(const model::StepDefinition& step, const YamlNode& node,
                         FaultList& faults);

}  // namespace ostler::pipeline
