// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/config_schema.hpp"

#include <algorithm>

#include "base/joined.hpp"
#include "plugin_host/config_defaults.hpp"
#include "plugin_host/config_texts.hpp"
#include "plugin_host/exact_judgement.hpp"
#include "plugin_host/keyword_values.hpp"
#include "plugin_host/schema_circle.hpp"
#include "plugin_host/schema_keywords.hpp"
#include "plugin_host/schema_library.hpp"
#include "plugin_host/schema_rules.hpp"

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;
using Faults = std::vector<std::string>;

std::string type_text(const JsonValue& schema) {
  if (const JsonValue* fixed = schema.member("const")) return canonical_json(*fixed);
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

/// For people; a schema that refers to itself has them without end.
constexpr std::size_t kMostListed = 1'000;

Property property_of(const JsonValue& root, const JsonValue& schema, std::string path) {
  const JsonValue* standard = schema.member("default");
  const JsonValue* description = schema.member("description");
  return {.path = std::move(path),
          .type = type_text(schema),
          .rules = rules_in_words(root, schema),
          .standard = standard == nullptr ? "" : canonical_json(*standard),
          .description = description == nullptr ? "" : description->text};
}

void list_items(const JsonValue& root, const JsonValue& written, const std::string& path,
                std::vector<Property>& list);

void list_properties(const JsonValue& root, const JsonValue& written, const std::string& prefix,
                     std::vector<Property>& list) {
  const JsonValue& schema = resolved_schema(root, written);
  const JsonValue* properties = schema.member("properties");
  if (properties == nullptr || std::ranges::count(prefix, '.') > 8) return;
  for (const auto& [name, value] : properties->members) {
    if (list.size() >= kMostListed) return;
    const JsonValue& property = resolved_schema(root, value);
    list.push_back(property_of(root, property, prefix + name));
    list.back().is_required = requires_member(schema, name);
    list_properties(root, property, prefix + name + ".", list);
    if (const JsonValue* items = property.member("items")) {
      list_items(root, *items, prefix + name + "[]", list);
    }
  }
}

void check_root(const JsonValue& schema, Faults& faults) {
  const JsonValue* type = resolved_schema(schema, schema).member("type");
  if (type == nullptr || !is_type_keyword(*type) || has_type(*type, {.type = Type::Object})) return;
  faults.push_back(
      "configuration: its \"type\" must be \"object\", for every configuration is one");
}

void list_items(const JsonValue& root, const JsonValue& written, const std::string& path,
                std::vector<Property>& list) {
  const JsonValue& items = resolved_schema(root, written);
  if (items.member("properties") != nullptr) {
    list_properties(root, items, path + ".", list);
  } else if (!items.members.empty() && list.size() < kMostListed) {
    list.push_back(property_of(root, items, path));
  }
}

std::vector<ConfigFault> faults_without_schema(const JsonValue& config) {
  if (config.type == Type::Object && config.members.empty()) return {};
  return {{.pointer = {}, .reason = "the plugin takes none"}};
}

}  // namespace

void check_schema(const JsonValue& schema, Faults& faults) {
  const std::size_t before = faults.size();
  check_keywords(schema, faults);
  check_root(schema, faults);
  if (faults.size() > before) return;
  if (const auto circle = schema_circle(schema)) {
    faults.push_back("configuration" + *circle + ": refers to itself without end; let a value, " +
                     "as one of properties or items, stand between");
    return;
  }
  const auto done = try_schema(schema);
  if (!done) {
    faults.push_back("configuration: " + done.error().message());
    return;
  }
  check_defaults(schema, faults);
}

std::vector<ConfigFault> complete_with(const std::optional<JsonValue>& schema, JsonValue& config) {
  if (config.type == Type::Null) config.type = Type::Object;
  if (!schema) return faults_without_schema(config);
  auto faults = fill_defaults(*schema, config);
  return faults.empty() ? config_faults(*schema, config) : faults;
}

std::vector<ConfigFault> certain_faults(const std::optional<JsonValue>& schema, JsonValue config,
                                        IsOpen is_open) {
  if (config.type == Type::Null) config.type = Type::Object;
  if (!schema) return faults_without_schema(config);
  auto faults = fill_defaults(*schema, config);
  return faults.empty() ? certain_config_faults(*schema, config, is_open) : faults;
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
