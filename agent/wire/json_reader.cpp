// SPDX-License-Identifier: Apache-2.0
#include "wire/json_reader.hpp"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <utility>

#include "pipeline/exact_json.hpp"
#include "wire/exact_json_reader.hpp"

namespace ostler::wire {

using nlohmann::json;

namespace {

/// Fills a map from an object of strings; false when a value is not a string.
bool read_string_map(const json& object, std::map<std::string, std::string>& into) {
  into.clear();
  for (const auto& [key, value] : object.items()) {
    if (!value.is_string()) return false;
    into.emplace(key, value.get_ref<const std::string&>());
  }
  return true;
}

/// Whether a number fits: 2^63 and above parse as unsigned and would wrap.
bool fits_int64(const json& value) {
  if (!value.is_number_integer()) return false;
  return !value.is_number_unsigned() ||
         value.get<std::uint64_t>() <= static_cast<std::uint64_t>(INT64_MAX);
}

/// Values within values beyond this are nobody's honest text, and writing them again would use up
/// the stack.
constexpr int kDeepest = 256;

/// Whether objects and arrays of `text` hold each other too deep. Its brackets may be wrong.
bool is_too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string && c == '\\') ++at;
    if (c == '"') in_string = !in_string;
    if (in_string) continue;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (depth > kDeepest) return true;
  }
  return false;
}

Error too_deep(std::string_view what) {
  return Error(Errc::Protocol, std::string(what) + " has values more than " +
                                   std::to_string(kDeepest) + " deep in each other");
}

Error fault_of(const json::exception& error, std::string_view what) {
  if (const auto* const syntax = dynamic_cast<const json::parse_error*>(&error)) {
    return Error(Errc::Protocol,
                 std::string(what) + " is not JSON: fault at byte " + std::to_string(syntax->byte));
  }
  return Error(Errc::Protocol, std::string(what) + " has a number that is too large");
}

/// Says its faults as the library's own reader does.
class ThrowingExactReader : public pipeline::ExactReader<json> {
 public:
  template <class Fault>
  bool parse_error(std::size_t, const std::string&, const Fault& fault) {
    throw fault;
  }
};

}  // namespace

Result<json> parse_json(std::string_view text, std::string_view what) {
  if (is_too_deep(text)) return too_deep(what);
  try {
    return json::parse(text);
  } catch (const json::exception& error) {
    return fault_of(error, what);
  }
}

Result<json> parse_exact_json(std::string_view text, std::string_view what) {
  if (is_too_deep(text)) return too_deep(what);
  ThrowingExactReader reader;
  try {
    json::sax_parse(text.begin(), text.end(), &reader);
  } catch (const json::exception& error) {
    return fault_of(error, what);
  }
  return reader.take();
}

std::string to_text(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

void put_unless_empty(json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

ObjectReader::ObjectReader(const json& object, std::string_view what)
    : object_(object), what_(what) {
  if (!object_.is_object()) fault_ = "expected a JSON object";
}

const json* ObjectReader::find(std::string_view key) {
  if (!object_.is_object()) return nullptr;
  const auto found = object_.find(key);
  if (found == object_.end() || found->is_null()) return nullptr;
  return &*found;
}

void ObjectReader::read(std::string_view key, std::string& into) {
  const json* value = find(key);
  if (!value) return;
  if (!value->is_string()) return fail(key, "a string");
  into = value->get_ref<const std::string&>();
}

void ObjectReader::read(std::string_view key, Secret& into) {
  std::string text;
  read(key, text);
  if (!text.empty()) into = Secret(std::move(text));
}

void ObjectReader::read(std::string_view key, bool& into) {
  const json* value = find(key);
  if (!value) return;
  if (!value->is_boolean()) return fail(key, "true or false");
  into = value->get<bool>();
}

void ObjectReader::read(std::string_view key, std::int64_t& into) {
  const json* value = find(key);
  if (!value) return;
  if (!fits_int64(*value)) return fail(key, "an integer");
  into = value->get<std::int64_t>();
}

void ObjectReader::read(std::string_view key, std::optional<std::int64_t>& into) {
  if (!find(key)) return;
  std::int64_t value = 0;
  read(key, value);
  into = value;
}

void ObjectReader::read(std::string_view key, std::optional<Timestamp>& into) {
  const json* value = find(key);
  if (!value) return;
  if (value->is_string()) into = parse_rfc3339(value->get_ref<const std::string&>());
  if (!value->is_string() || !into) fail(key, "a time in RFC 3339");
}

void ObjectReader::read(std::string_view key, std::vector<std::string>& into) {
  const json* value = array(key);
  if (!value) return;
  into.clear();
  for (const json& item : *value) {
    if (!item.is_string()) return fail(key, "an array of strings");
    into.push_back(item.get_ref<const std::string&>());
  }
}

void ObjectReader::read(std::string_view key, std::map<std::string, std::string>& into) {
  const json* value = object(key);
  if (value && !read_string_map(*value, into)) fail(key, "an object of strings");
}

void ObjectReader::read(std::string_view key,
                        std::optional<std::map<std::string, std::string>>& into) {
  const json* value = object(key);
  if (!value) return;
  if (!read_string_map(*value, into.emplace())) fail(key, "an object of strings");
}

const json* ObjectReader::object(std::string_view key) {
  const json* value = find(key);
  if (!value || value->is_object()) return value;
  fail(key, "an object");
  return nullptr;
}

const json* ObjectReader::array(std::string_view key) {
  const json* value = find(key);
  if (!value || value->is_array()) return value;
  fail(key, "an array");
  return nullptr;
}

void ObjectReader::fail(std::string_view key, std::string_view expected) {
  if (!fault_.empty()) return;
  fault_ = "field " + std::string(key) + ": expected " + std::string(expected);
}

Result<void> ObjectReader::finish() const {
  if (fault_.empty()) return success();
  return Error(Errc::Protocol, std::string(what_) + ": " + fault_);
}

}  // namespace ostler::wire
