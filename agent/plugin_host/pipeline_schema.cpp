// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/pipeline_schema.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "plugin_host/schema_parts.hpp"

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;

/// As `pipeline lint` knows them.
constexpr const char* kOpenText = R"(\$|\{\{)";

JsonValue text_of(std::string text) { return {.type = Type::String, .text = std::move(text)}; }

JsonValue object_of(std::initializer_list<std::pair<std::string, JsonValue>> members) {
  JsonValue object{.type = Type::Object};
  for (const auto& [name, value] : members) object.add_member(name, value);
  return object;
}

JsonValue list_of_values(std::vector<JsonValue> items) {
  return {.type = Type::Array, .items = std::move(items)};
}

JsonValue no() { return {.type = Type::Boolean, .text = "false"}; }
JsonValue typed(std::string type) { return object_of({{"type", text_of(std::move(type))}}); }
JsonValue refer_to(const std::string& place) { return object_of({{"$ref", text_of(place)}}); }

std::string place_of(const std::string& definition) {
  return "#/definitions/" + pointer_part(definition);
}

/// "greet@1.0.0": a reference is a URI, whose fragment can hold no other "#".
std::string definition_name(const OfferedPlugin& plugin) {
  std::string name = plugin.reference;
  std::ranges::replace(name, '#', '@');
  return name;
}

/// What a plugin's schema says of its own parts, it says of them where it is put.
void move_references(JsonValue& schema, const std::string& to) {
  for (auto& [name, value] : schema.members) {
    if (name == "$ref")
      value.text = to + value.text.substr(std::min<std::size_t>(1, value.text.size()));
  }
  each_part(schema, [&](JsonValue& part, const auto&, const auto&) { move_references(part, to); });
}

bool is_type_of_lists(const JsonValue& type) {
  return type.text == "array" || type.text == "object" ||
         std::ranges::any_of(type.items, is_type_of_lists);
}

/// Whether a schema is for texts, numbers or booleans, and not for every text. A mapping of
/// properties may have the same names, but with schemas behind them.
bool bounds_scalars(const JsonValue& schema) {
  const auto has = [&](std::string_view name, Type type) {
    const JsonValue* value = schema.member(name);
    return value != nullptr && value->type == type;
  };
  const JsonValue* type = schema.member("type");
  const bool is_typed = has("type", Type::String) || has("type", Type::Array);
  if (is_typed && is_type_of_lists(*type)) return false;
  return (is_typed && type->text != "string") || has("pattern", Type::String) ||
         has("enum", Type::Array) || has("const", Type::String) || has("const", Type::Number) ||
         has("const", Type::Boolean) || has("minLength", Type::Number) ||
         has("maxLength", Type::Number);
}

/// Variables and tokens of a matrix become what the plugin wants when the step runs.
JsonValue or_open_text(JsonValue schema) {
  const JsonValue open = object_of({{"type", text_of("string")}, {"pattern", text_of(kOpenText)}});
  JsonValue either{.type = Type::Object};
  for (const char* told : {"default", "description", "title"}) {
    if (const JsonValue* value = schema.member(told)) either.add_member(told, *value);
  }
  either.add_member("anyOf", list_of_values({std::move(schema), open}));
  return either;
}

void allow_open_texts(JsonValue& schema) {
  each_part(schema, [](JsonValue& part, std::string_view keyword, const auto&) {
    // What such a text becomes decides there.
    if (keyword != "if" && keyword != "not") allow_open_texts(part);
  });
  if (bounds_scalars(schema)) schema = or_open_text(std::move(schema));
}

JsonValue definition_of(const OfferedPlugin& plugin) {
  if (!plugin.schema) {
    return object_of({{"type", list_of_values({text_of("object"), text_of("null")})},
                      {"maxProperties", {.type = Type::Number, .text = "0"}},
                      {"description", text_of(plugin.description)}});
  }
  JsonValue schema = *plugin.schema;
  std::erase_if(schema.members, [](const auto& member) {
    return member.first == "$id" || member.first == "$schema";
  });
  allow_open_texts(schema);
  move_references(schema, place_of(definition_name(plugin)));
  if (schema.member("description") == nullptr) {
    schema.add_member("description", text_of(plugin.description));
  }
  return schema;
}

/// {"ostler://greet#1": {...}}, or the same with the plugins of others.
JsonValue calls_of(const std::vector<OfferedPlugin>& plugins) {
  JsonValue names{.type = Type::Object};
  for (const OfferedPlugin& plugin : plugins) {
    for (const std::string& name : plugin.names) {
      if (names.member(name) == nullptr)
        names.add_member(name, refer_to(place_of(definition_name(plugin))));
    }
  }
  return object_of({{"type", text_of("object")}, {"properties", std::move(names)}});
}

JsonValue step_of(const std::vector<std::string>& step_keys) {
  JsonValue keys{.type = Type::Object};
  for (const std::string& key : step_keys) {
    if (keys.member(key) == nullptr) keys.add_member(key, JsonValue{.type = Type::Object});
  }
  for (auto& [key, value] : keys.members) {
    if (key == "plugins") value = refer_to("#/definitions/plugins");
    if (key == "steps") value = refer_to("#/definitions/steps");
  }
  JsonValue object = object_of({{"type", text_of("object")}, {"additionalProperties", no()}});
  object.add_member("properties", std::move(keys));
  return object_of(
      {{"anyOf", list_of_values({typed("string"), typed("null"), std::move(object)})}});
}

/// A list of names and calls, or an object of calls.
JsonValue plugins_of_step() {
  const JsonValue calls = refer_to("#/definitions/plugin-calls");
  const JsonValue item = object_of({{"anyOf", list_of_values({typed("string"), calls})}});
  const JsonValue list = object_of({{"type", text_of("array")}, {"items", item}});
  return object_of({{"anyOf", list_of_values({list, calls, typed("null")})}});
}

JsonValue list_of_steps() {
  const JsonValue steps =
      object_of({{"type", text_of("array")}, {"items", refer_to("#/definitions/step")}});
  return object_of({{"anyOf", list_of_values({steps, typed("null")})}});
}

}  // namespace

JsonValue pipeline_schema(const std::vector<OfferedPlugin>& plugins,
                          const std::vector<std::string>& step_keys) {
  JsonValue definitions = object_of({{"plugin-calls", calls_of(plugins)},
                                     {"plugins", plugins_of_step()},
                                     {"step", step_of(step_keys)},
                                     {"steps", list_of_steps()}});
  for (const OfferedPlugin& plugin : plugins) {
    definitions.add_member(definition_name(plugin), definition_of(plugin));
  }
  JsonValue root =
      object_of({{"type", text_of("object")},
                 {"properties", object_of({{"steps", refer_to("#/definitions/steps")}})},
                 {"required", list_of_values({text_of("steps")})}});
  return object_of({{"$schema", text_of("http://json-schema.org/draft-07/schema#")},
                    {"anyOf", list_of_values({std::move(root), refer_to("#/definitions/steps")})},
                    {"definitions", std::move(definitions)}});
}

}  // namespace ostler::plugin_host
