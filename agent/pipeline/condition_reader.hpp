// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "model/pipeline_definition.hpp"
#include "pipeline/condition_types.hpp"
#include "pipeline/value_reader.hpp"
#include "pipeline/yaml_document.hpp"

namespace ostler::pipeline {

/// Reads the condition of a step or a group; none when it is blank. What is wrong with it whatever
/// the build is a fault.
std::optional<model::ConditionText> read_condition_text(
    ValueReader& values, const YamlNode& value, std::string_view name,
    ConditionPlace place = ConditionPlace::Step);

}  // namespace ostler::pipeline
