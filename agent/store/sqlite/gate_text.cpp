// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/gate_text.hpp"

#include <nlohmann/json.hpp>
#include <vector>

namespace ostler::store::sqlite {
namespace {

using nlohmann::json;

json field_json(const model::GateField& field) {
  json options = json::array();
  for (const model::GateOption& option : field.options) {
    options.push_back({{"label", option.label}, {"value", option.value}});
  }
  return {{"is_select", field.kind == model::GateFieldKind::Select},
          {"key", field.key},
          {"label", field.label},
          {"hint", field.hint},
          {"is_required", field.is_required},
          {"defaults", field.defaults},
          {"format", field.format},
          {"options", std::move(options)},
          {"is_multiple", field.is_multiple}};
}

model::GateField field_of(const json& object) {
  model::GateField field;
  const bool is_select = object.at("is_select").get<bool>();
  field.kind = is_select ? model::GateFieldKind::Select : model::GateFieldKind::Text;
  field.key = object.at("key").get<std::string>();
  field.label = object.at("label").get<std::string>();
  field.hint = object.at("hint").get<std::string>();
  field.is_required = object.at("is_required").get<bool>();
  field.defaults = object.at("defaults").get<std::vector<std::string>>();
  field.format = object.at("format").get<std::string>();
  for (const json& option : object.at("options")) {
    field.options.push_back(
        {option.at("label").get<std::string>(), option.at("value").get<std::string>()});
  }
  field.is_multiple = object.at("is_multiple").get<bool>();
  return field;
}

model::Gate gate_of(const json& object) {
  model::Gate gate;
  gate.prompt = object.at("prompt").get<std::string>();
  gate.submit = object.at("submit").get<std::string>();
  for (const json& field : object.at("fields")) gate.fields.push_back(field_of(field));
  gate.blocked_state = static_cast<model::BlockedState>(object.at("blocked_state").get<int>());
  gate.allowed_teams = object.at("allowed_teams").get<std::vector<std::string>>();
  return gate;
}

}  // namespace

std::string gate_text(const model::Gate& gate) {
  json fields = json::array();
  for (const model::GateField& field : gate.fields) fields.push_back(field_json(field));
  const json object = {{"prompt", gate.prompt},
                       {"submit", gate.submit},
                       {"fields", std::move(fields)},
                       {"blocked_state", static_cast<int>(gate.blocked_state)},
                       {"allowed_teams", gate.allowed_teams}};
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// The library throws when a value is of another kind.
std::optional<model::Gate> read_gate(std::string_view text) {
  try {
    return gate_of(json::parse(text));
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

}  // namespace ostler::store::sqlite
