// SPDX-License-Identifier: Apache-2.0
#include "wire/json_slices.hpp"

#include <cstddef>

namespace ostler::wire {
namespace {

std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

/// Past the string that begins at `at`.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

/// What stands between the commas of the outermost array or object.
std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      at = end_of_string(text, at);
      continue;
    }
    if (c == '[' || c == '{') {
      if (++depth == 1) begin = at + 1;
    }
    const bool closes = c == ']' || c == '}';
    if (depth == 1 && (closes || c == ',')) {
      parts.push_back(without_blanks(text.substr(begin, at - begin)));
      begin = at + 1;
    }
    if (closes) --depth;
    ++at;
  }
  if (parts.size() == 1 && parts.front().empty()) parts.clear();
  return parts;
}

}  // namespace

std::vector<std::string_view> item_slices(std::string_view array) { return parts_of(array); }

std::string_view member_slice(std::string_view object, std::string_view name) {
  std::string_view found;
  for (const std::string_view part : parts_of(object)) {
    const std::size_t end = end_of_string(part, 0);
    if (part.substr(1, end - 2) != name) continue;
    found = without_blanks(part.substr(part.find(':', end) + 1));
  }
  return found;
}

}  // namespace ostler::wire
