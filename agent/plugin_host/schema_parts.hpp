// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "plugin_host/json_value.hpp"

// Where schemas lie within a schema. What has the name of a keyword may as well be a property, or
// lie in a value, which is no schema whatever it looks like.
namespace ostler::plugin_host {

/// What a keyword holds.
enum class Holds { Value, Schema, SchemaOrList, SchemaList, SchemaMap, SchemaOrNamesMap };

/// None: no keyword of draft-07.
std::optional<Holds> keyword_holds(std::string_view keyword);
/// Every keyword of draft-07, sorted.
std::vector<std::string_view> keyword_names();

/// An object, or true or false.
inline bool is_schema(const JsonValue& value) {
  return value.type == JsonValue::Type::Object || value.type == JsonValue::Type::Boolean;
}

/// The schema that lets nothing stand.
inline bool is_false(const JsonValue& schema) {
  return schema.type == JsonValue::Type::Boolean && schema.text == "false";
}

/// Calls `take(part, keyword, place)` with each schema that lies directly in `schema`; `place` is
/// the pointer from one to the other. Those that are true or false are among them.
template <class Json, class Take>
void each_part(Json& schema, const Take& take) {
  for (auto& [keyword, value] : schema.members) {
    const Holds holds = keyword_holds(keyword).value_or(Holds::Value);
    const std::string place = "/" + pointer_part(keyword);
    if ((holds == Holds::Schema || holds == Holds::SchemaOrList) && is_schema(value)) {
      take(value, keyword, place);
    } else if (holds == Holds::SchemaList || holds == Holds::SchemaOrList) {
      for (std::size_t i = 0; i < value.items.size(); ++i) {
        if (is_schema(value.items[i]))
          take(value.items[i], keyword, place + "/" + std::to_string(i));
      }
    } else if (holds == Holds::SchemaMap || holds == Holds::SchemaOrNamesMap) {
      for (auto& [name, part] : value.members) {
        if (is_schema(part)) take(part, keyword, place + "/" + pointer_part(name));
      }
    }
  }
}

/// A schema and all that lie in it, at any depth.
std::unordered_set<const JsonValue*> all_parts(const JsonValue& schema);

}  // namespace ostler::plugin_host
