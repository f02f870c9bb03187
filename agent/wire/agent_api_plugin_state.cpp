// SPDX-License-Identifier: Apache-2.0
#include "wire/agent_api_plugin_state.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"

namespace ostler::wire {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestRequest = 64;

json json_of(const model::StateKey& at) {
  return {{"scope", model::name_of(at.scope)}, {"plugin", at.plugin}, {"key", at.key}};
}

Result<model::StateKey> state_key_of(ObjectReader& reader) {
  model::StateKey at;
  std::string scope;
  reader.read("scope", scope);
  reader.read("plugin", at.plugin);
  reader.read("key", at.key);
  OSTLER_TRY(reader.finish());
  OSTLER_TRY(at.scope, model::state_scope_of(scope));
  return at;
}

Result<model::StateKey> read_state_key(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "key of a value"));
  ObjectReader reader(object, "key of a value");
  return state_key_of(reader);
}

}  // namespace

std::string encode(const model::StateKey& at) { return to_text(json_of(at)); }

Result<model::StateKey> decode_state_key(std::string_view text) {
  OSTLER_TRY(auto at, read_state_key(text));
  OSTLER_TRY(model::check(at));
  return at;
}

Result<model::StateKey> decode_state_begin(std::string_view text) {
  OSTLER_TRY(auto at, read_state_key(text));
  OSTLER_TRY(model::check_begin(at));
  return at;
}

std::string encode(const StateChange& change) {
  json object = json_of(change.at);
  if (change.value) object["value"] = *change.value;
  if (change.expected) object["expected"] = *change.expected;
  object["request"] = change.request;
  return to_text(object);
}

Result<StateChange> decode_state_change(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "change of a value"));
  ObjectReader reader(object, "change of a value");
  StateChange change;
  reader.read("expected", change.expected);
  reader.read("request", change.request);
  std::string value;
  reader.read("value", value);
  const bool is_known = !change.request.empty() && change.request.size() <= kLongestRequest;
  reader.require(is_known, "request", "a text of 1 to 64 bytes");
  reader.require(change.expected.value_or(0) >= 0, "expected", "a revision");
  OSTLER_TRY(change.at, state_key_of(reader));
  OSTLER_TRY(model::check(change.at));
  if (object.contains("value") && !object["value"].is_null()) {
    OSTLER_TRY(model::check_state_value(value));
    change.value = std::move(value);
  }
  return change;
}

std::string encode(const StateValue& value) {
  return to_text({{"value", value.value}, {"revision", value.revision}});
}

Result<StateValue> decode_state_value(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "value"));
  ObjectReader reader(object, "value");
  StateValue value;
  reader.read("value", value.value);
  reader.read("revision", value.revision);
  OSTLER_TRY(reader.finish());
  return value;
}

std::string encode_revision(std::int64_t revision) { return to_text({{"revision", revision}}); }

Result<std::int64_t> decode_revision(std::string_view text) {
  OSTLER_TRY(const auto value, decode_state_value(text));
  return value.revision;
}

}  // namespace ostler::wire
