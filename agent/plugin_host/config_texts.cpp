// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/config_texts.hpp"

#include <algorithm>
#include <optional>

#include "pipeline/core_scalar.hpp"
#include "plugin_host/config_faults.hpp"
#include "plugin_host/schema_library.hpp"

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;

/// Schemas that are looked at, and those within each other: one may refer to itself. A list of any
/// length that JSON may have has enough for each of its items.
constexpr int kLooksOfSchema = 20'000;
constexpr int kLooksOfValue = 4;
constexpr int kDeepestSchema = 200;

int looks_for(const JsonValue& value) {
  int looks = kLooksOfValue;
  for (const JsonValue& item : value.items) looks += looks_for(item);
  for (const auto& [name, member] : value.members) looks += looks_for(member);
  return looks;
}

std::optional<JsonValue> number_or_boolean(const std::string& text) {
  auto json = pipeline::core_json(text);
  if (!json) return std::nullopt;
  const bool is_boolean = *json == "true" || *json == "false";
  return JsonValue{.type = is_boolean ? Type::Boolean : Type::Number, .text = *std::move(json)};
}

bool is_or_holds(const JsonValue& type, std::string_view name) {
  return type.text == name || std::ranges::any_of(type.items, [&](const JsonValue& one) {
           return one.type == Type::String && one.text == name;
         });
}

JsonValue schema_of(const std::string& keyword, const JsonValue& wanted) {
  JsonValue schema{.type = Type::Object};
  schema.add_member(keyword, wanted);
  return schema;
}

/// What says which values fit, where that may be no string; null when nothing does.
JsonValue kind_of_value(const JsonValue& schema) {
  const JsonValue* type = schema.member("type");
  if (type != nullptr && !is_or_holds(*type, "string")) return schema_of("type", *type);
  for (const char* keyword : {"const", "enum"}) {
    if (const JsonValue* fixed = schema.member(keyword)) return schema_of(keyword, *fixed);
  }
  return {};
}

/// Walks a configuration along its schema, as its faults do.
class TextReading {
 public:
  TextReading(const JsonValue& root, const JsonValue& config)
      : root_(root), looks_left_(kLooksOfSchema + looks_for(config)) {}

  void read(const JsonValue& written, JsonValue& value) {
    if (--looks_left_ <= 0 || depth_ == kDeepestSchema) return;
    ++depth_;
    read_by(resolved_schema(root_, written), value);
    --depth_;
  }

 private:
  void read_by(const JsonValue& schema, JsonValue& value);
  void read_string(const JsonValue& schema, JsonValue& value);
  void read_members(const JsonValue& schema, JsonValue& value);
  void read_member(const JsonValue& schema, const std::string& name, JsonValue& value);
  void read_items(const JsonValue& schema, JsonValue& value);
  void read_alternatives(const JsonValue& choices, JsonValue& value);
  void read_condition(const JsonValue& schema, JsonValue& value);

  bool fits(const JsonValue& schema, const JsonValue& value) {
    return fits_schema(root_, schema, value, looks_left_);
  }

  const JsonValue& root_;
  int looks_left_;
  int depth_ = 0;
};

void TextReading::read_by(const JsonValue& schema, JsonValue& value) {
  if (value.type == Type::String) read_string(schema, value);
  if (value.type == Type::Object) read_members(schema, value);
  if (value.type == Type::Array) read_items(schema, value);
  if (const JsonValue* all = schema.member("allOf")) {
    for (const JsonValue& part : all->items) read(part, value);
  }
  for (const std::string_view keyword : {"anyOf", "oneOf"}) {
    const JsonValue* choices = schema.member(keyword);
    if (choices != nullptr) read_alternatives(*choices, value);
  }
  read_condition(schema, value);
}

void TextReading::read_string(const JsonValue& schema, JsonValue& value) {
  const JsonValue kind = kind_of_value(schema);
  if (kind.type == Type::Null || fits(kind, value)) return;
  auto meant = number_or_boolean(value.text);
  if (meant && fits(kind, *meant) && looks_left_ > 0) value = *std::move(meant);
}

void TextReading::read_members(const JsonValue& schema, JsonValue& value) {
  for (auto& [name, member] : value.members) read_member(schema, name, member);
  const JsonValue* dependencies = schema.member("dependencies");
  if (dependencies == nullptr) return;
  for (const auto& [name, needed] : dependencies->members) {
    if (needed.type == Type::Object && value.member(name) != nullptr) read(needed, value);
  }
}

void TextReading::read_member(const JsonValue& schema, const std::string& name, JsonValue& value) {
  const JsonValue* properties = schema.member("properties");
  const JsonValue* property = properties == nullptr ? nullptr : properties->member(name);
  if (property != nullptr) read(*property, value);
  bool is_known = property != nullptr;
  if (const JsonValue* patterns = schema.member("patternProperties")) {
    for (const auto& [pattern, part] : patterns->members) {
      if (--looks_left_ <= 0) return;
      JsonValue matches{.type = Type::Object};
      matches.add_member("pattern", {.type = Type::String, .text = pattern});
      if (!fits(matches, {.type = Type::String, .text = name})) continue;
      is_known = true;
      read(part, value);
    }
  }
  const JsonValue* others = schema.member("additionalProperties");
  if (!is_known && others != nullptr) read(*others, value);
}

void TextReading::read_items(const JsonValue& schema, JsonValue& value) {
  const JsonValue* items = schema.member("items");
  const JsonValue* others = schema.member("additionalItems");
  for (std::size_t i = 0; items != nullptr && i < value.items.size(); ++i) {
    const JsonValue* item = items;
    if (items->type == Type::Array) item = i < items->items.size() ? &items->items[i] : others;
    if (item != nullptr) read(*item, value.items[i]);
  }
}

/// Where none fits, the first that fits what it makes of the value.
void TextReading::read_alternatives(const JsonValue& choices, JsonValue& value) {
  for (const JsonValue& choice : choices.items) {
    if (fits(choice, value)) return;
  }
  for (const JsonValue& choice : choices.items) {
    JsonValue tried = value;
    read(choice, tried);
    if (fits(choice, tried) && looks_left_ > 0) {
      value = std::move(tried);
      return;
    }
  }
}

void TextReading::read_condition(const JsonValue& schema, JsonValue& value) {
  const JsonValue* condition = schema.member("if");
  if (condition == nullptr) return;
  const JsonValue* then = schema.member(fits(*condition, value) ? "then" : "else");
  if (then != nullptr) read(*then, value);
}

}  // namespace

void read_config_texts(const JsonValue& schema, JsonValue& config) {
  TextReading(schema, config).read(schema, config);
}

}  // namespace ostler::plugin_host
