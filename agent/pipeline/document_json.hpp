// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "pipeline/fault_list.hpp"
#include "pipeline/interpolate.hpp"
#include "pipeline/value_reader.hpp"
#include "pipeline/yaml_document.hpp"

namespace ostler::pipeline {

/// A whole pipeline as the text of a JSON object, keys in the order of the text. Plain scalars
/// become what they mean (numbers, booleans, null), below `plugins` by the core schema, where
/// numbers keep their texts; keys and texts are interpolated, unless there are no variables. The
/// entries of its `env` are read first, in order, as texts, and each is known to those after it and
/// to all the rest. `secrets` at the top and signatures are taken as they are. A list stands for
/// its `steps`.
std::string document_json(const YamlNode& root, FaultList& faults,
                          std::optional<VariableTable> variables);

/// One value in a pipeline as JSON; interpolated unless it is `verbatim`.
std::string value_json(ValueReader& values, const YamlNode& node, bool verbatim = false);

/// The same of what stands below `plugins`: by the core schema, with the texts of numbers.
std::string plugins_json(ValueReader& values, const YamlNode& node, bool verbatim = false);

}  // namespace ostler::pipeline
