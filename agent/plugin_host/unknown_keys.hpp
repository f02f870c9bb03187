// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugin_host/json_value.hpp"

namespace ostler::plugin_host {

/// Appends a line for each member of the object that is not known, with the name that was meant.
/// `where`: what stands before the names, "permissions/".
void refuse_unknown(const JsonValue& object, const std::vector<std::string_view>& known,
                    const std::string& where, std::vector<std::string>& faults);

}  // namespace ostler::plugin_host
