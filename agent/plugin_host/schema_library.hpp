// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "plugin_host/json_value.hpp"

// The library that judges by JSON Schema; its own words are for those who know it.
namespace ostler::plugin_host {

/// Whether the library takes a schema. Errors: UserFault with its complaint.
Result<void> try_schema(const JsonValue& schema);

struct LibraryFault {
  std::string pointer;      ///< of the place that lies deepest; empty: the whole value
  std::string text;         ///< one line
  bool is_unknown = false;  ///< it costs too much to judge
};
/// What the library has against a value; none when it is valid.
std::optional<LibraryFault> library_fault(const JsonValue& schema, const JsonValue& value);

/// What a schema means: itself, or what its $ref names within `root`.
const JsonValue& resolved_schema(const JsonValue& root, const JsonValue& schema);

}  // namespace ostler::plugin_host
