// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/trigger_text.hpp"

#include <nlohmann/json.hpp>

namespace ostler::store::sqlite {
namespace {

using nlohmann::json;

model::Trigger trigger_of(const json& object) {
  model::Trigger trigger;
  trigger.pipeline = object.at("pipeline").get<std::string>();
  trigger.is_async = object.at("is_async").get<bool>();
  trigger.branch = object.at("branch").get<std::string>();
  trigger.commit = object.at("commit").get<std::string>();
  trigger.message = object.at("message").get<std::string>();
  trigger.env = object.at("env").get<model::Variables>();
  trigger.meta_data = object.at("meta_data").get<model::Variables>();
  return trigger;
}

}  // namespace

std::string trigger_text(const model::Trigger& trigger) {
  const json object = {{"pipeline", trigger.pipeline},  {"is_async", trigger.is_async},
                       {"branch", trigger.branch},      {"commit", trigger.commit},
                       {"message", trigger.message},    {"env", trigger.env},
                       {"meta_data", trigger.meta_data}};
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// The library throws when a value is of another kind.
std::optional<model::Trigger> read_trigger(std::string_view text) {
  try {
    return trigger_of(json::parse(text));
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

}  // namespace ostler::store::sqlite
