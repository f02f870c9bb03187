// SPDX-License-Identifier: Apache-2.0
#include "worker/redacted_json.hpp"

#include <algorithm>

#include "plugin_host/json_value.hpp"

namespace ostler::worker {
namespace {

using plugin_host::JsonValue;

/// A number in which a secret stands becomes a string.
void redact_value(JobLog& log, JsonValue& value) {
  using Type = JsonValue::Type;
  if (value.type == Type::String || value.type == Type::Number) {
    std::string text = log.redacted(value.text);
    if (text != value.text) value = {.type = Type::String, .text = std::move(text)};
  }
  for (JsonValue& item : value.items) redact_value(log, item);
  JsonValue redacted{.type = Type::Object};
  for (auto& [name, member] : value.members) {
    redact_value(log, member);
    // Of names that are the same without their secrets one stays.
    const std::string shown = log.redacted(name);
    if (redacted.member(shown) == nullptr) redacted.add_member(shown, std::move(member));
  }
  value.members = std::move(redacted.members);
}

}  // namespace

std::string redacted_json(JobLog& log, const std::string& json) {
  auto value = plugin_host::parse_json(json, {.size = json.size()});
  if (!value) return log.redacted(json);
  redact_value(log, value.value());
  // A secret may be JSON itself, which no string of it shows.
  return log.redacted(plugin_host::canonical_json(value.value()));
}

}  // namespace ostler::worker
