// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_gate.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/joined.hpp"
#include "wire/json_reader.hpp"
#include "wire/rest_fields.hpp"

namespace ostler::wire {
namespace {

using nlohmann::json;

std::string encode_options(const std::vector<model::GateOption>& options) {
  std::vector<std::string> items;
  for (const model::GateOption& option : options) {
    items.push_back(
        JsonObjectText().text("label", option.label).text("value", option.value).finish());
  }
  return json_array(items);
}

std::string encode_field(const model::GateField& field) {
  const bool is_text = field.kind == model::GateFieldKind::Text;
  JsonObjectText object;
  object.text("type", is_text ? "text" : "select")
      .text("key", field.key)
      .text_or_null("label", field.label)
      .text_or_null("hint", field.hint)
      .flag("required", field.is_required);
  if (is_text) {
    return object.text_or_null("default", joined(field.defaults, "\n"))
        .text_or_null("format", field.format)
        .finish();
  }
  return object.texts("default", field.defaults)
      .flag("multiple", field.is_multiple)
      .raw("options", encode_options(field.options))
      .finish();
}

Result<model::GateOption> read_option(const json& object) {
  model::GateOption option;
  ObjectReader reader(object, "option of a field");
  reader.read("label", option.label);
  reader.read("value", option.value);
  OSTLER_TRY(reader.finish());
  return option;
}

Result<model::GateField> read_field(const json& object) {
  model::GateField field;
  std::string type;
  std::string text;
  ObjectReader reader(object, "field of a job");
  reader.read("type", type);
  reader.read("key", field.key);
  reader.read("label", field.label);
  reader.read("hint", field.hint);
  reader.read("required", field.is_required);
  reader.require(!field.key.empty(), "key", "the field's key");
  const bool is_select = type == "select";
  field.kind = is_select ? model::GateFieldKind::Select : model::GateFieldKind::Text;
  if (is_select) {
    reader.read("default", field.defaults);
    reader.read("multiple", field.is_multiple);
  } else {
    reader.read("default", text);
    reader.read("format", field.format);
    if (!text.empty()) field.defaults = {std::move(text)};
  }
  const json* const options = reader.array("options");
  OSTLER_TRY(reader.finish());
  if (options == nullptr) return field;
  for (const json& one : *options) {
    OSTLER_TRY(auto option, read_option(one));
    field.options.push_back(std::move(option));
  }
  return field;
}

/// None for what is no answer.
std::optional<std::string> answer_text(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return "";
  if (value.is_primitive()) return to_text(value);
  if (!value.is_array()) return std::nullopt;
  std::vector<std::string> lines;
  for (const json& item : value) {
    if (!item.is_string()) return std::nullopt;
    lines.push_back(item.get<std::string>());
  }
  return joined(lines, "\n");
}

}  // namespace

void add_rest_gate(JsonObjectText& object, const model::Gate& gate) {
  std::vector<std::string> fields;
  for (const model::GateField& field : gate.fields) fields.push_back(encode_field(field));
  object.text_or_null("prompt", gate.prompt)
      .text("submit", gate.submit)
      .text("blocked_state", to_string(gate.blocked_state))
      .texts("allowed_teams", gate.allowed_teams)
      .raw("fields", json_array(fields));
}

Result<model::Gate> decode_rest_gate(const json& job) {
  model::Gate gate;
  ObjectReader reader(job, "job");
  reader.read("prompt", gate.prompt);
  reader.read("submit", gate.submit);
  const bool has_fields = job.contains("fields");
  const json* const fields = has_fields ? reader.array("fields") : nullptr;
  OSTLER_TRY(reader.finish());
  if (fields == nullptr) return gate;
  for (const json& one : *fields) {
    OSTLER_TRY(auto field, read_field(one));
    gate.fields.push_back(std::move(field));
  }
  return gate;
}

Result<RestDecoded<RestUnblock>> decode_rest_unblock(std::string_view body) {
  OSTLER_TRY(const json object, parse_rest_body(body));
  RestDecoded<RestUnblock> decoded;
  RestFields reader(object);
  reader.read("unblocker", decoded.value.unblocker);
  if (const json* const fields = reader.object("fields")) {
    for (const auto& [key, value] : fields->items()) {
      auto text = answer_text(value);
      if (!text) reader.fail("fields", "must be an object of strings");
      if (text) decoded.value.fields.emplace(key, std::move(*text));
    }
  }
  decoded.errors = std::move(reader).errors();
  return decoded;
}

std::string encode_rest_unblock(const std::map<std::string, std::string>& fields) {
  return to_text({{"fields", fields}});
}

}  // namespace ostler::wire
