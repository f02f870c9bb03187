// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "model/pipeline_definition.hpp"
#include "pipeline/value_reader.hpp"
#include "pipeline/yaml_document.hpp"

namespace ostler::pipeline {

/// Reads the value of `depends_on`: a key, a list, or null. Source: reference/pipeline-yaml.md 19.
std::vector<model::StepDependency> read_dependencies(ValueReader& values, const YamlNode& value);

}  // namespace ostler::pipeline
