// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/config_schema.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "base/joined.hpp"
#include "base/nearest_word.hpp"
#include "pipeline/condition_regex.hpp"
#include "plugin_host/config_defaults.hpp"
#include "plugin_host/config_texts.hpp"
#include "plugin_host/schema_circle.hpp"
#include "plugin_host/schema_library.hpp"
#include "plugin_host/schema_parts.hpp"

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;
using Faults = std::vector<std::string>;

/// Checks the keywords of a schema and of all that lie in it.
class KeywordCheck {
 public:
  KeywordCheck(const JsonValue& root, Faults& faults)
      : root_(root), parts_(all_parts(root)), faults_(faults) {}

  void check(const JsonValue& schema, const std::string& path) {
    for (const auto& [name, value] : schema.members) {
      const std::string where = path + "/" + pointer_part(name);
      if (!keyword_holds(name)) add_unknown(name, where);
      if (name == "$ref") check_reference(value.text, where);
      if (name == "multipleOf") check_divisor(value, where);
      if (name == "pattern") check_pattern(value.text, where);
      if (name == "patternProperties") check_names(value, where);
    }
    each_part(schema, [&](const JsonValue& part, const auto&, const std::string& place) {
      check(part, path + place);
    });
  }

 private:
  void add_unknown(const std::string& name, const std::string& where) {
    const std::string_view near = nearest_word(name, keyword_names());
    faults_.push_back(where + ": no keyword of JSON Schema draft-07" +
                      (near.empty() ? "" : ", did you mean \"" + std::string(near) + "\"?"));
  }
  /// The library divides whole numbers of 64 bits, by whatever is there.
  void check_divisor(const JsonValue& value, const std::string& where) {
    constexpr double kEndOfWhole = 9223372036854775808.0;
    const double divisor = std::strtod(value.text.c_str(), nullptr);
    const bool is_number = value.type == Type::Number;
    if (is_number && divisor > 0 && divisor < kEndOfWhole) return;
    faults_.push_back(where + ": must be a number above 0 and below 2^63");
  }
  void check_pattern(const std::string& pattern, const std::string& where) {
    const auto regex = pipeline::compile_condition_regex(pattern, false);
    if (!regex) faults_.push_back(where + ": " + regex.error().message());
  }
  void check_names(const JsonValue& patterns, const std::string& where) {
    for (const auto& [pattern, part] : patterns.members) {
      check_pattern(pattern, where + "/" + pointer_part(pattern));
    }
  }
  /// The library decodes % and skips empty names: it could find another place than we.
  void check_reference(const std::string& reference, const std::string& where) {
    if (!reference.starts_with("#")) {
      faults_.push_back(where +
                        ": only what is in this schema can be referred to, as in "
                        "\"#/definitions/server\"");
      return;
    }
    const bool is_plain = reference.find('%') == reference.npos && !reference.ends_with('/') &&
                          reference.find("//") == reference.npos;
    const auto found = at_pointer(root_, std::string_view(reference).substr(1));
    if (is_plain && found && parts_.contains(found.value())) return;
    faults_.push_back(where + ": leads to no schema; write names as they are, without %");
  }

  const JsonValue& root_;
  const std::unordered_set<const JsonValue*> parts_;
  Faults& faults_;
};

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

/// For people; a schema that refers to itself has them without end.
constexpr std::size_t kMostListed = 1'000;

void list_properties(const JsonValue& root, const JsonValue& written, const std::string& prefix,
                     std::vector<Property>& list) {
  const JsonValue& schema = resolved_schema(root, written);
  const JsonValue* properties = schema.member("properties");
  if (properties == nullptr || std::ranges::count(prefix, '.') > 8) return;
  for (const auto& [name, value] : properties->members) {
    if (list.size() == kMostListed) return;
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
  KeywordCheck(schema, faults).check(schema, "configuration");
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
