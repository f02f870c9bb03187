// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "pipeline/value_reader.hpp"
#include "pipeline/yaml_document.hpp"

namespace ostler::pipeline {

/// Reads `plugins` as a JSON list; empty when there is none in it.
std::string read_plugins(ValueReader& values, const YamlNode& value);
/// Reads `signature` as it is, as a JSON object.
std::string read_signature(ValueReader& values, const YamlNode& value);
}  // namespace ostler::pipeline
