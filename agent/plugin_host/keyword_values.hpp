// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugin_host/json_value.hpp"

namespace ostler::plugin_host {

/// Appends what is wrong with what a keyword of draft-07 has in a schema, which is at `where`: what
/// can be told without the rest of it, one line each, with the place. Whether nothing is.
bool check_keyword_value(std::string_view keyword, const JsonValue& value, const std::string& where,
                         std::vector<std::string>& faults);

/// Whether a schema can have that as its "type".
bool is_type_keyword(const JsonValue& value);

}  // namespace ostler::plugin_host
