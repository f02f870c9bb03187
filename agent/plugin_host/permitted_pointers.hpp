// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plugin_host/json_value.hpp"
#include "plugin_host/permissions.hpp"

namespace ostler::plugin_host {

/// Appends a line for each permission that the configuration is to name, where the schema of the
/// configuration lets no text stand: no step could run.
/// Requires: the schema has no faults.
void check_pointers(const Permissions& permissions, const std::optional<JsonValue>& schema,
                    std::vector<std::string>& faults);

}  // namespace ostler::plugin_host
