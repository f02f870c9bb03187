// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace ostler::plugin_host {

/// JSON in which numbers keep their text. The types are those of the ABI (ostler_json_type_t).
struct JsonValue {
  enum class Type { Null = 1, Boolean, Number, String, Array, Object };

  Type type = Type::Null;
  std::string text = {};  ///< a string's characters, a number as it was written, "true" or "false"
  std::vector<JsonValue> items = {};
  std::vector<std::pair<std::string, JsonValue>> members = {};  ///< sorted by name

  const JsonValue* member(std::string_view name) const;
  /// Puts a member where there was none of that name.
  void add_member(std::string name, JsonValue value);
};

struct JsonLimits {
  std::size_t size = 1u << 20;  ///< bytes of the text
  int depth = 64;               ///< arrays and objects inside each other
};

/// Errors: UserFault for what is no JSON, for an object that has a name twice, and beyond a limit;
/// in one line, with the place.
Result<JsonValue> parse_json(std::string_view text, JsonLimits limits = {});

/// No blanks, names sorted, numbers as they were written.
std::string canonical_json(const JsonValue& value);

/// The names that a pointer (RFC 6901) consists of. Errors: UserFault for no pointer.
Result<std::vector<std::string>> pointer_names(std::string_view pointer);

/// What `pointer` names. Errors: UserFault for no pointer; NotFound.
Result<const JsonValue*> at_pointer(const JsonValue& value, std::string_view pointer);

/// `name` as a part of a pointer.
std::string pointer_part(std::string_view name);

}  // namespace ostler::plugin_host
