// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_error.hpp"

#include <algorithm>

#include "wire/rest_json.hpp"

namespace ostler::wire {

std::string encode_rest_error(std::string_view message) {
  return JsonObjectText().text("message", message).finish();
}

std::string encode_rest_validation(const std::vector<RestFieldError>& errors) {
  std::vector<std::string> list;
  for (const RestFieldError& error : errors) {
    JsonObjectText entry;
    entry.text("field", error.field).text("code", error.code);
    if (!error.value.empty()) entry.raw("value", error.value);
    if (error.place.line > 0) {
      entry.number("line", error.place.line).number("column", error.place.column);
      entry.text("excerpt", error.place.excerpt);
    }
    list.push_back(entry.finish());
  }
  JsonObjectText body;
  body.text("message", "Validation Failed").raw("errors", json_array(list));
  return body.finish();
}

std::string rest_validation_sentence(const std::vector<RestFieldError>& errors) {
  std::string text = "Validation failed:";
  for (const RestFieldError& error : errors) {
    std::string field = error.field;
    std::ranges::replace(field, '_', ' ');
    if (!field.empty() && field[0] >= 'a' && field[0] <= 'z')
      field[0] = static_cast<char>(field[0] - 32);
    text += (text.ends_with(':') ? " " : ", ") + field + " ";
    text += error.code == "missing" ? "is missing" : error.code;
  }
  return text;
}

}  // namespace ostler::wire
