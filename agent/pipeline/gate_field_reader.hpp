// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "model/gate.hpp"
#include "pipeline/value_reader.hpp"
#include "pipeline/yaml_document.hpp"

namespace ostler::pipeline {

/// Reads the `fields` of a block or an input. Source: reference/pipeline-yaml.md 5.1.
std::vector<model::GateField> read_gate_fields(ValueReader& values, const YamlNode& value);

}  // namespace ostler::pipeline
