// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/property_names.hpp"

#include <string>
#include <utility>
#include <vector>

#include "plugin_host/schema_parts.hpp"

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;

/// What was there stays below the reference, since others may refer to its parts.
void take_names(JsonValue& schema, const std::string& place, std::vector<JsonValue>& taken) {
  each_part(schema, [&](JsonValue& part, std::string_view keyword, const auto&) {
    const bool is_own =
        keyword == "propertyNames" && part.type == Type::Object && part.member("$ref") == nullptr;
    if (!is_own) return take_names(part, place, taken);
    JsonValue apart = part;
    take_names(apart, place, taken);
    part.add_member(
        "$ref", {.type = Type::String, .text = "#/" + place + "/" + std::to_string(taken.size())});
    taken.push_back(std::move(apart));
  });
}

}  // namespace

JsonValue with_property_names_apart(JsonValue schema) {
  if (schema.type != Type::Object) return schema;
  std::string place = "propertyNames-apart";
  while (schema.member(place) != nullptr) place += "-";
  JsonValue apart{.type = Type::Object};
  std::vector<JsonValue> taken;
  take_names(schema, place, taken);
  if (taken.empty()) return schema;
  for (std::size_t i = 0; i < taken.size(); ++i) {
    apart.add_member(std::to_string(i), std::move(taken[i]));
  }
  schema.add_member(place, std::move(apart));
  return schema;
}

}  // namespace ostler::plugin_host
