// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/schema_parts.hpp"

#include <algorithm>
#include <utility>

namespace ostler::plugin_host {
namespace {

constexpr std::pair<std::string_view, Holds> kKeywords[] = {
    {"$comment", Holds::Value},
    {"$id", Holds::Value},
    {"$ref", Holds::Value},
    {"$schema", Holds::Value},
    {"additionalItems", Holds::Schema},
    {"additionalProperties", Holds::Schema},
    {"allOf", Holds::SchemaList},
    {"anyOf", Holds::SchemaList},
    {"const", Holds::Value},
    {"contains", Holds::Schema},
    {"contentEncoding", Holds::Value},
    {"contentMediaType", Holds::Value},
    {"default", Holds::Value},
    {"definitions", Holds::SchemaMap},
    {"dependencies", Holds::SchemaOrNamesMap},
    {"description", Holds::Value},
    {"else", Holds::Schema},
    {"enum", Holds::Value},
    {"examples", Holds::Value},
    {"exclusiveMaximum", Holds::Value},
    {"exclusiveMinimum", Holds::Value},
    {"format", Holds::Value},
    {"if", Holds::Schema},
    {"items", Holds::SchemaOrList},
    {"maxItems", Holds::Value},
    {"maxLength", Holds::Value},
    {"maxProperties", Holds::Value},
    {"maximum", Holds::Value},
    {"minItems", Holds::Value},
    {"minLength", Holds::Value},
    {"minProperties", Holds::Value},
    {"minimum", Holds::Value},
    {"multipleOf", Holds::Value},
    {"not", Holds::Schema},
    {"oneOf", Holds::SchemaList},
    {"pattern", Holds::Value},
    {"patternProperties", Holds::SchemaMap},
    {"properties", Holds::SchemaMap},
    {"propertyNames", Holds::Schema},
    {"readOnly", Holds::Value},
    {"required", Holds::Value},
    {"then", Holds::Schema},
    {"title", Holds::Value},
    {"type", Holds::Value},
    {"uniqueItems", Holds::Value},
    {"writeOnly", Holds::Value},
};

void add_parts(const JsonValue& schema, std::unordered_set<const JsonValue*>& parts) {
  parts.insert(&schema);
  each_part(schema,
            [&](const JsonValue& part, const auto&, const auto&) { add_parts(part, parts); });
}

}  // namespace

std::optional<Holds> keyword_holds(std::string_view keyword) {
  const auto found =
      std::ranges::find(kKeywords, keyword, &std::pair<std::string_view, Holds>::first);
  return found == std::end(kKeywords) ? std::nullopt : std::optional(found->second);
}

std::vector<std::string_view> keyword_names() {
  std::vector<std::string_view> names;
  for (const auto& [name, holds] : kKeywords) names.push_back(name);
  return names;
}

std::unordered_set<const JsonValue*> all_parts(const JsonValue& schema) {
  std::unordered_set<const JsonValue*> parts;
  add_parts(schema, parts);
  return parts;
}

}  // namespace ostler::plugin_host
