// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_error.hpp"

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
    list.push_back(entry.finish());
  }
  JsonObjectText body;
  body.text("message", "Validation Failed").raw("errors", json_array(list));
  return body.finish();
}

}  // namespace ostler::wire
