// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_fields.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/ascii.hpp"
#include "wire/json_reader.hpp"

namespace ostler::wire {

using nlohmann::json;

namespace {

/// A scalar as meta-data and environments keep it; none for null, arrays and objects.
std::optional<std::string> scalar_text(const json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>();
  if (value.is_number() || value.is_boolean()) return to_text(value);
  return std::nullopt;
}

}  // namespace

const json* RestFields::find(std::string_view name) const {
  const auto found = object_.find(name);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

bool RestFields::fail(std::string_view name, std::string_view code) {
  constexpr std::size_t kLongestEcho = 200;
  const json* value = find(name);
  std::string text = value ? to_text(*value) : "";
  if (text.size() > kLongestEcho) text.clear();
  errors_.push_back({prefix_ + std::string(name), std::string(code), std::move(text)});
  return false;
}

void RestFields::require(std::string_view name) {
  const json* value = find(name);
  if (!value || (value->is_string() && is_blank(value->get_ref<const std::string&>()))) {
    errors_.push_back({prefix_ + std::string(name), "missing"});
  }
}

void RestFields::take_errors_of(RestFields& part) {
  std::ranges::move(part.errors_, std::back_inserter(errors_));
}

bool RestFields::is_zero(std::string_view name) const {
  const json* value = find(name);
  return value != nullptr && value->is_number_integer() && *value == 0;
}

bool RestFields::read(std::string_view name, std::string& into) {
  const json* value = find(name);
  if (!value) return true;
  if (!value->is_string()) return fail(name, "must be a string");
  into = value->get_ref<const std::string&>();
  return true;
}

bool RestFields::read(std::string_view name, bool& into) {
  const json* value = find(name);
  if (!value) return true;
  if (!value->is_boolean()) return fail(name, "must be true or false");
  into = value->get<bool>();
  return true;
}

bool RestFields::read(std::string_view name, std::optional<int>& into) {
  const json* value = find(name);
  if (!value) return true;
  const bool fits =
      value->is_number_integer() && *value >= 1 && *value <= std::numeric_limits<int>::max();
  if (!fits) return fail(name, "must be a whole number of at least 1");
  into = value->get<int>();
  return true;
}

bool RestFields::read(std::string_view name, std::vector<std::string>& into) {
  const json* value = find(name);
  if (!value) return true;
  const bool fits = value->is_array() &&
                    std::ranges::all_of(*value, [](const json& item) { return item.is_string(); });
  if (!fits) return fail(name, "must be an array of strings");
  into = value->get<std::vector<std::string>>();
  return true;
}

bool RestFields::read(std::string_view name, model::Variables& into) {
  const json* value = object(name);
  if (!value) return !has(name);
  into.clear();
  for (const auto& [key, item] : value->items()) {
    const auto text = scalar_text(item);
    if (!text) return fail(name, "must be an object of strings");
    into.emplace_back(key, *text);
  }
  return true;
}

bool RestFields::read_text_or_number(std::string_view name, std::string& into) {
  const json* value = find(name);
  if (!value) return true;
  if (!value->is_string() && !value->is_number_integer()) {
    return fail(name, "must be a string or a whole number");
  }
  into = *scalar_text(*value);
  return true;
}

const json* RestFields::object(std::string_view name) {
  const json* value = find(name);
  if (!value || value->is_object()) return value;
  fail(name, "must be an object");
  return nullptr;
}

Result<json> parse_rest_body(std::string_view body) {
  if (body.empty()) return json::object();
  OSTLER_TRY(json value, parse_json(body, "request body"));
  if (value.is_object()) return value;
  return Error(Errc::Protocol, "request body is not a JSON object");
}

}  // namespace ostler::wire
