// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin_host/json_value.hpp"

namespace ostler::plugin_host {

/// Turns each string into the number or boolean that the whole of it is, where the schema wants one
/// and takes no string: values of variables and of a matrix are always strings. A configuration
/// that is valid stays as it is; one that is not may be so afterwards.
/// Requires: check_schema found no fault.
void read_config_texts(const JsonValue& schema, JsonValue& config);

}  // namespace ostler::plugin_host
