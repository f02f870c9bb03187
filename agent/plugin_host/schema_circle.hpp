// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "plugin_host/json_value.hpp"

namespace ostler::plugin_host {

/// The pointer of a part of `schema` that leads back to itself, by $ref, allOf, if and the like,
/// with no value in between: who judges by it would never be done. None when there is none.
std::optional<std::string> schema_circle(const JsonValue& schema);

}  // namespace ostler::plugin_host
