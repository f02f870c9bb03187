// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "model/soft_fail.hpp"
#include "pipeline/value_reader.hpp"
#include "pipeline/yaml_document.hpp"

namespace ostler::pipeline {

/// Reads the value of `soft_fail`. Source: reference/pipeline-yaml.md 11.
model::SoftFail read_soft_fail(ValueReader& values, const YamlNode& value);

/// Reads the value of `skip`: the reason, empty for true; none for false and for an empty text.
std::optional<std::string> read_skip(ValueReader& values, const YamlNode& value);

}  // namespace ostler::pipeline
