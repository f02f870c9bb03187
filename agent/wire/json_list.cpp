// SPDX-License-Identifier: Apache-2.0
#include "wire/json_list.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"

namespace ostler::wire {

using nlohmann::json;

std::string text_in(const json& value, const char* key) {
  if (!value.is_object()) return "";
  const auto found = value.find(key);
  return found != value.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<void> for_each_item(std::string_view text, std::string_view what,
                           const std::function<Result<void>(const json&)>& take) {
  OSTLER_TRY(const json list, parse_json(text, what));
  if (!list.is_array()) return Error(Errc::Protocol, std::string(what) + ": expected an array");
  for (const json& one : list) {
    OSTLER_TRY(take(one));
  }
  return success();
}

}  // namespace ostler::wire
