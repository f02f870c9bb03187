// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "plugin_host/json_value.hpp"

namespace ostler::plugin_host {

/// Appends what is wrong with the keywords of a schema and of all that lie in it, one line each:
/// all that can be said of them one by one.
void check_keywords(const JsonValue& schema, std::vector<std::string>& faults);

}  // namespace ostler::plugin_host
