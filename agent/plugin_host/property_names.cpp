// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/property_names.hpp"

#include <string>
#include <utility>
#include <vector>

#include "plugin_host/schema_parts.hpp"

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;

constexpr std::string_view kApart = "propertyNames-";

/// What was there stays below the reference, since others may refer to its parts.
void take_names(JsonValue& schema, std::vector<JsonValue>& taken) {
  each_part(schema, [&](JsonValue& part, std::string_view keyword, const auto&) {
    const bool is_own =
        keyword == "propertyNames" && part.type == Type::Object && part.member("$ref") == nullptr;
    if (!is_own) return take_names(part, taken);
    JsonValue apart = part;
    take_names(apart, taken);
    part.add_member(
        "$ref", {.type = Type::String,
                 .text = "#/definitions/" + std::string(kApart) + std::to_string(taken.size())});
    taken.push_back(std::move(apart));
  });
}

JsonValue* definitions_of(JsonValue& schema) {
  if (schema.type != Type::Object) return nullptr;
  if (schema.member("definitions") == nullptr) {
    schema.add_member("definitions", {.type = Type::Object});
  }
  for (auto& [name, value] : schema.members) {
    if (name == "definitions" && value.type == Type::Object) return &value;
  }
  return nullptr;
}

bool has_names_apart(const JsonValue& definitions) {
  for (const auto& [name, value] : definitions.members) {
    if (name.starts_with(kApart)) return true;
  }
  return false;
}

}  // namespace

JsonValue with_property_names_apart(JsonValue schema) {
  std::vector<JsonValue> taken;
  JsonValue apart = schema;
  take_names(apart, taken);
  if (taken.empty()) return schema;
  JsonValue* definitions = definitions_of(apart);
  if (definitions == nullptr || has_names_apart(*definitions)) return schema;
  for (std::size_t i = 0; i < taken.size(); ++i) {
    definitions->add_member(std::string(kApart) + std::to_string(i), std::move(taken[i]));
  }
  return apart;
}

}  // namespace ostler::plugin_host
