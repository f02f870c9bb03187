// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace ostler::wire {

/// Parses one JSON value, at most 256 levels deep. Errors: Protocol, naming `what` and the position
/// of the fault.
Result<nlohmann::json> parse_json(std::string_view text, std::string_view what);

/// JSON text of a value on one line; bytes that are not UTF-8 become U+FFFD.
std::string to_text(const nlohmann::json& value);

/// Sets a field unless the text is empty.
void put_unless_empty(nlohmann::json& object, const char* key, const std::string& text);

/// Reads the fields of one JSON object and keeps the first fault for `finish`.
/// An absent or null field leaves the variable alone; unknown fields are ignored.
class ObjectReader {
 public:
  /// `what` names the object in faults: "register answer". Both must outlive the reader.
  ObjectReader(const nlohmann::json& object, std::string_view what);

  void read(std::string_view key, std::string& into);
  void read(std::string_view key, Secret& into);
  void read(std::string_view key, bool& into);
  void read(std::string_view key, std::int64_t& into);
  void read(std::string_view key, std::optional<std::int64_t>& into);
  /// RFC 3339 text; an empty text is a fault.
  void read(std::string_view key, std::optional<Timestamp>& into);
  void read(std::string_view key, std::vector<std::string>& into);
  void read(std::string_view key, std::map<std::string, std::string>& into);
  void read(std::string_view key, std::optional<std::map<std::string, std::string>>& into);

  /// The field when it is an object (or array); nullptr when absent, null or of another type,
  /// which is a fault.
  const nlohmann::json* object(std::string_view key);
  const nlohmann::json* array(std::string_view key);

  /// Records a fault of the caller's own, such as a value out of range.
  void fail(std::string_view key, std::string_view expected);
  void require(bool condition, std::string_view key, std::string_view expected) {
    if (!condition) fail(key, expected);
  }

  /// Success, or the first fault as Errc::Protocol: "register answer: field id: expected ...".
  Result<void> finish() const;

 private:
  const nlohmann::json* find(std::string_view key);

  const nlohmann::json& object_;
  std::string_view what_;
  std::string fault_;
};

}  // namespace ostler::wire
