// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plugin_host/json_value.hpp"

namespace ostler::plugin_host {

/// A plugin as editors are to know it.
struct OfferedPlugin {
  std::string reference;           ///< "greet#1.0.0"
  std::vector<std::string> names;  ///< by which pipelines mean it: "ostler://greet#1"
  std::string description;
  std::optional<JsonValue> schema;  ///< of its configuration; none: it takes none
};

/// A JSON Schema (draft-07) of pipeline files: which keys a step has, and what the configuration of
/// each plugin is. What else the values of a step's keys are, it does not say.
JsonValue pipeline_schema(const std::vector<OfferedPlugin>& plugins,
                          const std::vector<std::string>& step_keys);

}  // namespace ostler::plugin_host
