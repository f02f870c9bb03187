// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/query.hpp"

#include <algorithm>

#include "base/ascii.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::rest_api {
std::optional<std::string> Query::value(std::string_view name) const {
  for (auto at = parameters_.rbegin(); at != parameters_.rend(); ++at) {
    if (at->first == name && !at->second.empty()) return at->second;
  }
  return std::nullopt;
}

std::vector<std::string> Query::values(std::string_view name) const {
  std::vector<std::string> found;
  for (const auto& [key, value] : parameters_) {
    std::string_view bare = key;
    if (bare.ends_with("[]")) bare.remove_suffix(2);
    if (bare == name && !value.empty()) found.push_back(value);
  }
  return found;
}

bool Query::flag(std::string_view name, bool otherwise) const {
  const std::string text = lower_case(value(name).value_or(""));
  if (text == "true" || text == "1" || text == "yes") return true;
  if (text == "false" || text == "0" || text == "no") return false;
  return otherwise;
}

Result<std::optional<Timestamp>> Query::time(std::string_view name) const {
  auto text = value(name);
  if (!text) return std::optional<Timestamp>();
  // The "+" of an offset that the client did not escape reads as a space.
  std::ranges::replace(*text, ' ', '+');
  // A day alone is its beginning.
  if (text->size() == std::string_view("2026-01-02").size()) *text += "T00:00:00Z";
  if (auto at = parse_rfc3339(*text)) return at;
  return Error(Errc::UserFault, std::string(name) +
                                    " is not a time in ISO 8601; write it like "
                                    "2026-01-02T03:04:05Z");
}

Query::Parameters Query::entries(std::string_view name) const {
  Parameters found;
  for (const auto& [key, value] : parameters_) {
    std::string_view rest = key;
    if (!rest.starts_with(name)) continue;
    rest.remove_prefix(name.size());
    if (rest.size() < 3 || rest.front() != '[' || rest.back() != ']') continue;
    found.emplace_back(rest.substr(1, rest.size() - 2), value);
  }
  return found;
}

std::string Query::without(std::initializer_list<std::string_view> names) const {
  std::string text;
  for (const auto& [key, value] : parameters_) {
    if (std::ranges::find(names, key) != names.end()) continue;
    if (!text.empty()) text += '&';
    text += wire::percent_encode(key) + '=' + wire::percent_encode(value);
  }
  return text;
}

std::string Query::with_page(std::int64_t page) const {
  const std::string others = without({"page"});
  return others + (others.empty() ? "" : "&") + "page=" + std::to_string(page);
}

}  // namespace ostler::rest_api
