// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plugin_host/config_faults.hpp"
#include "plugin_host/json_value.hpp"

// The JSON Schema (draft-07) of a plugin's configuration.
namespace ostler::plugin_host {

/// Appends what is wrong with a schema, one line each. A keyword that we do not check is a fault:
/// its author would believe that it holds.
void check_schema(const JsonValue& schema, std::vector<std::string>& faults);

/// Fills the schema's defaults into a configuration, and says what is wrong with it then. Without a
/// schema only nothing and the empty object are valid.
/// Requires: check_schema found no fault.
std::vector<ConfigFault> complete_with(const std::optional<JsonValue>& schema, JsonValue& config);

/// The same of a configuration that is not yet complete; see certain_config_faults.
std::vector<ConfigFault> certain_faults(const std::optional<JsonValue>& schema, JsonValue config,
                                        IsOpen is_open);

/// Whether the strings of a configuration are meant as such, or may be what became of variables.
enum class ConfigTexts : std::uint8_t { Meant, OfVariables };

/// The same. Errors: UserFault with the path and the reason of each fault, in one line.
Result<JsonValue> complete_config(const std::optional<JsonValue>& schema, JsonValue config,
                                  ConfigTexts texts = ConfigTexts::Meant);

/// One line per property of a configuration, for people.
struct Property {
  std::string path;   ///< "server.port"; "names[]" for the items of an array
  std::string type;   ///< "integer", "string or null", "one of a, b"
  std::string rules;  ///< "at least 1, at most 10"; empty: none
  bool is_required = false;
  std::string standard;  ///< the default as JSON; empty: none
  std::string description;
};
std::vector<Property> properties_of(const JsonValue& schema);

}  // namespace ostler::plugin_host
