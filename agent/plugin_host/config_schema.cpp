// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/config_schema.hpp"

#include <algorithm>
#include <string_view>

#include "base/joined.hpp"
#include "base/nearest_word.hpp"
#include "plugin_host/config_texts.hpp"
#include "plugin_host/schema_circle.hpp"
#include "plugin_host/schema_library.hpp"

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;
using Faults = std::vector<std::string>;

/// What a keyword holds, which says where further schemas are.
enum class Holds { Value, Schema, SchemaOrBoolean, SchemaList, SchemaOrList, SchemaMap, Mixed };

constexpr std::pair<std::string_view, Holds> kKeywords[] = {
    {"$comment", Holds::Value},
    {"$id", Holds::Value},
    {"$ref", Holds::Value},
    {"$schema", Holds::Value},
    {"additionalItems", Holds::SchemaOrBoolean},
    {"additionalProperties", Holds::SchemaOrBoolean},
    {"allOf", Holds::SchemaList},
    {"anyOf", Holds::SchemaList},
    {"const", Holds::Value},
    {"contains", Holds::Schema},
    {"contentEncoding", Holds::Value},
    {"contentMediaType", Holds::Value},
    {"default", Holds::Value},
    {"definitions", Holds::SchemaMap},
    {"dependencies", Holds::Mixed},
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

std::vector<std::string_view> keyword_names() {
  std::vector<std::string_view> names;
  for (const auto& [name, holds] : kKeywords) names.push_back(name);
  return names;
}

void check_at(const JsonValue& schema, const std::string& path, Faults& faults);

void check_each(const JsonValue& value, const std::string& path, Faults& faults) {
  for (const auto& [name, member] : value.members) {
    if (member.type == Type::Object) check_at(member, path + "/" + pointer_part(name), faults);
  }
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    if (value.items[i].type == Type::Object) {
      check_at(value.items[i], path + "/" + std::to_string(i), faults);
    }
  }
}

void check_below(Holds holds, const JsonValue& value, const std::string& path, Faults& faults) {
  if (holds == Holds::Value) return;
  const bool is_schema = holds == Holds::Schema || holds == Holds::SchemaOrBoolean ||
                         (holds == Holds::SchemaOrList && value.type == Type::Object);
  if (is_schema && value.type == Type::Object) return check_at(value, path, faults);
  check_each(value, path, faults);
}

void check_at(const JsonValue& schema, const std::string& path, Faults& faults) {
  for (const auto& [name, value] : schema.members) {
    const std::string where = path + "/" + pointer_part(name);
    const auto found =
        std::ranges::find_if(kKeywords, [&](const auto& keyword) { return keyword.first == name; });
    if (found == std::end(kKeywords)) {
      const std::string_view near = nearest_word(name, keyword_names());
      faults.push_back(where + ": no keyword of JSON Schema draft-07" +
                       (near.empty() ? "" : ", did you mean \"" + std::string(near) + "\"?"));
    } else if (name == "$ref" && !value.text.starts_with("#")) {
      faults.push_back(where +
                       ": only what is in this schema can be referred to, as in "
                       "\"#/definitions/server\"");
    } else {
      check_below(found->second, value, where, faults);
    }
  }
}

void fill_in(const JsonValue& root, const JsonValue& schema, JsonValue& value, int depth);

void fill_properties(const JsonValue& root, const JsonValue& properties, JsonValue& value,
                     int depth) {
  for (const auto& [name, written] : properties.members) {
    const JsonValue& property = resolved_schema(root, written);
    const auto own = std::ranges::find_if(
        value.members, [&, &wanted = name](const auto& entry) { return entry.first == wanted; });
    if (own != value.members.end()) {
      fill_in(root, property, own->second, depth + 1);
    } else if (const JsonValue* standard = property.member("default")) {
      value.add_member(name, *standard);
    }
  }
}

/// The depth bounds schemas that refer to themselves.
void fill_in(const JsonValue& root, const JsonValue& written, JsonValue& value, int depth) {
  if (depth > JsonLimits().depth) return;
  const JsonValue& schema = resolved_schema(root, written);
  const JsonValue* properties = schema.member("properties");
  if (properties != nullptr && value.type == Type::Object) {
    fill_properties(root, *properties, value, depth);
  }
  const JsonValue* items = schema.member("items");
  if (items != nullptr && items->type == Type::Object) {
    for (JsonValue& item : value.items) fill_in(root, *items, item, depth + 1);
  }
  if (const JsonValue* all = schema.member("allOf")) {
    for (const JsonValue& part : all->items) fill_in(root, part, value, depth + 1);
  }
}

std::string type_text(const JsonValue& schema) {
  if (const JsonValue* choices = schema.member("enum")) {
    std::vector<std::string> texts;
    for (const JsonValue& choice : choices->items) texts.push_back(canonical_json(choice));
    return "one of " + joined(texts, ", ");
  }
  const JsonValue* type = schema.member("type");
  if (type == nullptr) return "any";
  if (type->type == Type::String) return type->text;
  std::vector<std::string> texts;
  for (const JsonValue& one : type->items) texts.push_back(one.text);
  return joined(texts, " or ");
}

bool requires_member(const JsonValue& schema, const std::string& name) {
  const JsonValue* required = schema.member("required");
  return required != nullptr && std::ranges::any_of(required->items, [&](const JsonValue& item) {
           return item.text == name;
         });
}

void list_properties(const JsonValue& root, const JsonValue& written, const std::string& prefix,
                     std::vector<Property>& list) {
  const JsonValue& schema = resolved_schema(root, written);
  const JsonValue* properties = schema.member("properties");
  if (properties == nullptr || std::ranges::count(prefix, '.') > 8) return;
  for (const auto& [name, value] : properties->members) {
    const JsonValue& property = resolved_schema(root, value);
    const JsonValue* standard = property.member("default");
    const JsonValue* description = property.member("description");
    list.push_back({.path = prefix + name,
                    .type = type_text(property),
                    .is_required = requires_member(schema, name),
                    .standard = standard == nullptr ? "" : canonical_json(*standard),
                    .description = description == nullptr ? "" : description->text});
    list_properties(root, property, prefix + name + ".", list);
    if (const JsonValue* items = property.member("items")) {
      list_properties(root, *items, prefix + name + "[].", list);
    }
  }
}

std::vector<ConfigFault> faults_without_schema(const JsonValue& config) {
  if (config.type == Type::Object && config.members.empty()) return {};
  return {{.pointer = {}, .reason = "the plugin takes none"}};
}

}  // namespace

void check_schema(const JsonValue& schema, Faults& faults) {
  const std::size_t before = faults.size();
  check_at(schema, "configuration", faults);
  if (faults.size() > before) return;
  if (const auto circle = schema_circle(schema)) {
    faults.push_back("configuration" + *circle + ": refers to itself without end; let a value, " +
                     "as one of properties or items, stand between");
    return;
  }
  const auto done = try_schema(schema);
  if (!done) faults.push_back("configuration: " + done.error().message());
}

std::vector<ConfigFault> complete_with(const std::optional<JsonValue>& schema, JsonValue& config) {
  if (config.type == Type::Null) config.type = Type::Object;
  if (!schema) return faults_without_schema(config);
  fill_in(*schema, *schema, config, 0);
  return config_faults(*schema, config);
}

std::vector<ConfigFault> certain_faults(const std::optional<JsonValue>& schema, JsonValue config,
                                        IsOpen is_open) {
  if (config.type == Type::Null) config.type = Type::Object;
  if (!schema) return faults_without_schema(config);
  fill_in(*schema, *schema, config, 0);
  return certain_config_faults(*schema, config, is_open);
}

Result<JsonValue> complete_config(const std::optional<JsonValue>& schema, JsonValue config,
                                  ConfigTexts texts_are) {
  auto faults = complete_with(schema, config);
  if (!faults.empty() && schema && texts_are == ConfigTexts::OfVariables) {
    read_config_texts(*schema, config);
    faults = config_faults(*schema, config);
  }
  if (faults.empty()) return config;
  std::vector<std::string> texts;
  for (const ConfigFault& fault : faults) texts.push_back(fault.text());
  const bool names_itself = texts.front().starts_with("the configuration");
  return Error(Errc::UserFault, (names_itself ? "" : "configuration: ") + joined(texts, "; "));
}

std::vector<Property> properties_of(const JsonValue& schema) {
  std::vector<Property> list;
  list_properties(schema, schema, "", list);
  return list;
}

}  // namespace ostler::plugin_host
