// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/retry.hpp"
#include "pipeline/value_reader.hpp"
#include "pipeline/yaml_document.hpp"

namespace ostler::pipeline {

/// Reads the value of `retry`. Source: reference/pipeline-yaml.md 10.
model::RetryPolicy read_retry(ValueReader& values, const YamlNode& value);

}  // namespace ostler::pipeline
