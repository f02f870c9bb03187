// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "plugin_host/config_faults.hpp"
#include "plugin_host/json_value.hpp"

namespace ostler::plugin_host {

/// Fills the defaults of a schema into a configuration, and into those of them that have parts.
/// What is wrong when not all of them are in.
std::vector<ConfigFault> fill_defaults(const JsonValue& schema, JsonValue& config);

/// Appends what is wrong with the defaults of a schema, one line each: those that do not fit the
/// schema they stand in, and such as are without end.
/// Requires: the schema has no other faults.
void check_defaults(const JsonValue& schema, std::vector<std::string>& faults);

}  // namespace ostler::plugin_host
