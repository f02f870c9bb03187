// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin_host/json_value.hpp"

namespace ostler::plugin_host {

/// The same schema, for the library: with what it says of the names of properties in definitions of
/// its own. Where such a schema lies in one that is referred to, the library takes the two for one.
JsonValue with_property_names_apart(JsonValue schema);

}  // namespace ostler::plugin_host
