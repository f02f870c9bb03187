// SPDX-License-Identifier: Apache-2.0
#include "config/values.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>

#include "base/ascii.hpp"

namespace ostler::config {
namespace {

using std::chrono::milliseconds;

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

Error expected(std::string_view what, std::string_view found) {
  return Error(Errc::UserFault, "\"" + std::string(found) + "\" is no " + std::string(what));
}

struct Unit {
  std::string_view name;
  milliseconds length;
};
constexpr std::array<Unit, 4> kUnits = {Unit{"ms", milliseconds(1)}, Unit{"s", milliseconds(1000)},
                                        Unit{"m", milliseconds(60'000)},
                                        Unit{"h", milliseconds(3'600'000)}};

/// Takes "12.5s" off the front; false when the text does not begin so.
bool take_span(std::string_view& text, double& total_ms) {
  double number = 0;
  const auto [end, failure] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (failure != std::errc() || number < 0) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  for (const Unit& unit : kUnits) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    total_ms += number * static_cast<double>(unit.length.count());
    return true;
  }
  return false;
}

/// The value of the variable that `text` (after its "$") begins with; takes its name off.
std::string take_variable(std::string_view& text) {
  const bool braces = text.starts_with('{');
  std::size_t size = braces ? 1 : 0;
  while (size < text.size() &&
         (std::isalnum(static_cast<unsigned char>(text[size])) != 0 || text[size] == '_')) {
    ++size;
  }
  const std::string name(text.substr(braces ? 1 : 0, size - (braces ? 1 : 0)));
  text.remove_prefix(braces && size < text.size() && text[size] == '}' ? size + 1 : size);
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::string() : value;
}

}  // namespace

Result<bool> parse_flag(std::string_view text) {
  const std::string word = lower_case(text);
  for (const auto* yes : {"true", "1", "t", "yes", "on"}) {
    if (word == yes) return true;
  }
  for (const auto* no : {"false", "0", "f", "no", "off", ""}) {
    if (word == no) return false;
  }
  return expected("true or false", text);
}

Result<int> parse_number(std::string_view text) {
  int number = 0;
  const auto* end = text.data() + text.size();
  const auto [at, failure] = std::from_chars(text.data(), end, number);
  if (failure != std::errc() || at != end || number < 0 || text.size() > 9) {
    return expected("whole number", text);
  }
  return number;
}

Result<milliseconds> parse_duration(std::string_view text) {
  if (text == "0") return milliseconds(0);
  double total_ms = 0;
  std::string_view rest = text;
  do {
    if (!take_span(rest, total_ms)) return expected("duration such as 10s or 1h30m", text);
  } while (!rest.empty());
  constexpr double kLongest = 1e12;
  if (total_ms > kLongest) return expected("duration of less than 30 years", text);
  return milliseconds(static_cast<std::int64_t>(total_ms));
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view item = without_blanks(text.substr(0, comma));
    if (!item.empty()) items.emplace_back(item);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return items;
}

Result<std::filesystem::path> parse_path(std::string_view text) {
  if (text.empty()) return std::filesystem::path();
  std::string expanded;
  if (text == "~" || text.starts_with("~/")) {
    const char* home = std::getenv("HOME");
    if (home == nullptr || *home == '\0') {
      return Error(Errc::UserFault, "\"" + std::string(text) + "\" needs HOME, which is not set");
    }
    expanded = home;
    text.remove_prefix(1);
  }
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '$') {
      expanded += take_variable(text);
    } else {
      expanded += c;
    }
  }
  std::error_code ec;
  auto absolute = std::filesystem::absolute(expanded, ec);
  if (ec) return Error(Errc::UserFault, expanded + " cannot be made absolute: " + ec.message());
  return absolute.lexically_normal();
}

}  // namespace ostler::config
