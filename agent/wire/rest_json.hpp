// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "model/pipeline_definition.hpp"

// How REST objects become JSON text without a document in between: a page of builds may hold
// thousands of jobs.
namespace ostler::wire {

/// A JSON string with its quotes; bytes that are not UTF-8 become U+FFFD.
std::string json_string(std::string_view text);
/// "[a,b]" of items that are JSON already.
std::string json_array(const std::vector<std::string>& items);

/// Writes one JSON object as text, field by field, in the order of the calls.
class JsonObjectText {
 public:
  JsonObjectText& text(std::string_view key, std::string_view value);
  /// Null when `value` is empty.
  JsonObjectText& text_or_null(std::string_view key, std::string_view value);
  JsonObjectText& number(std::string_view key, std::optional<std::int64_t> value);
  JsonObjectText& flag(std::string_view key, bool value);
  /// ISO 8601 in UTC with milliseconds.
  JsonObjectText& time(std::string_view key, const std::optional<Timestamp>& at);
  JsonObjectText& texts(std::string_view key, const std::vector<std::string>& values);
  JsonObjectText& strings(std::string_view key, const model::Variables& values);
  JsonObjectText& null(std::string_view key) { return raw(key, "null"); }
  /// `json` is JSON already.
  JsonObjectText& raw(std::string_view key, std::string_view json);

  /// The text of the object. Ends it: call once.
  std::string finish();

 private:
  std::string text_ = "{";
};

/// Base64 of "<kind>---<uuid>". Source: rest-api, 19.1.
std::string graphql_id(std::string_view kind, const Uuid& uuid);

}  // namespace ostler::wire
