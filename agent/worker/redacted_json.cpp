// SPDX-License-Identifier: Apache-2.0
#include "worker/redacted_json.hpp"

#include <algorithm>

#include "plugin_host/json_value.hpp"
#include "wire/report_words.hpp"

namespace ostler::worker {
namespace {

using plugin_host::JsonValue;

/// A text without the secrets of the job.
using RedactText = std::string (*)(JobLog&, const std::string&);

std::string redacted_whole(JobLog& log, const std::string& text) { return log.redacted(text); }

std::string redacted_beginning(JobLog& log, const std::string& text) {
  if (!text.ends_with(wire::kCutMark)) return log.redacted(text);
  const std::size_t shown = text.size() - wire::kCutMark.size();
  return log.redacted_beginning(std::string_view(text).substr(0, shown)).append(wire::kCutMark);
}

/// A number in which a secret stands becomes a string.
void redact_value(JobLog& log, RedactText redacted_text, JsonValue& value) {
  using Type = JsonValue::Type;
  if (value.type == Type::String || value.type == Type::Number) {
    std::string text = redacted_text(log, value.text);
    if (text != value.text) value = {.type = Type::String, .text = std::move(text)};
  }
  for (JsonValue& item : value.items) redact_value(log, redacted_text, item);
  JsonValue redacted{.type = Type::Object};
  for (auto& [name, member] : value.members) {
    redact_value(log, redacted_text, member);
    // Of names that are the same without their secrets one stays.
    const std::string shown = log.redacted(name);
    if (redacted.member(shown) == nullptr) redacted.add_member(shown, std::move(member));
  }
  value.members = std::move(redacted.members);
}

std::string redact_all(JobLog& log, RedactText redacted_text, const std::string& json) {
  auto value = plugin_host::parse_json(json, {.size = json.size()});
  if (!value) return log.redacted(json);
  redact_value(log, redacted_text, value.value());
  // A secret may be JSON itself, which no string of it shows.
  return log.redacted(plugin_host::canonical_json(value.value()));
}

}  // namespace

std::string redacted_json(JobLog& log, const std::string& json) {
  return redact_all(log, redacted_whole, json);
}

std::string redacted_summary(JobLog& log, const std::string& json) {
  return redact_all(log, redacted_beginning, json);
}

}  // namespace ostler::worker
