// SPDX-License-Identifier: Apache-2.0
#include "pipeline/scalar_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>

namespace ostler::pipeline {
namespace {

std::optional<std::string> boolean_text(std::string_view plain) {
  for (const std::string_view word : {"true", "True", "TRUE"}) {
    if (plain == word) return "true";
  }
  for (const std::string_view word : {"false", "False", "FALSE"}) {
    if (plain == word) return "false";
  }
  return std::nullopt;
}

/// Takes the base prefix off `digits` and returns the base; a leading 0 alone means octal.
int take_base(std::string& digits) {
  if (digits.size() < 2 || digits[0] != '0') return 10;
  switch (digits[1]) {
    case 'x':
    case 'X': digits.erase(0, 2); return 16;
    case 'o':
    case 'O': digits.erase(0, 2); return 8;
    case 'b':
    case 'B': digits.erase(0, 2); return 2;
    default: digits.erase(0, 1); return 8;
  }
}

std::string without_underscores(std::string_view text) {
  std::string out(text);
  std::erase(out, '_');
  return out;
}

std::optional<std::string> integer_text(std::string_view plain) {
  std::string digits = without_underscores(plain);
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.erase(0, 1);
  const int base = take_base(digits);
  std::uint64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, problem] = std::from_chars(digits.data(), end, number, base);
  if (problem != std::errc() || stop != end) return std::nullopt;
  if (negative && number > std::uint64_t{1} << 63) return std::nullopt;
  return (negative && number > 0 ? "-" : "") + std::to_string(number);
}

/// Whether `text` is [-+] digits [. digits] [e [-+] digits], with a digit before the exponent.
bool looks_like_float(std::string_view text) {
  const auto skip_digits = [&text] {
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(count);
    return count;
  };
  const auto skip_one_of = [&text](std::string_view set) {
    const bool there = !text.empty() && set.find(text[0]) != set.npos;
    if (there) text.remove_prefix(1);
    return there;
  };
  skip_one_of("-+");
  std::size_t digits = skip_digits();
  if (skip_one_of(".")) digits += skip_digits();
  if (digits == 0) return false;
  if (skip_one_of("eE")) {
    skip_one_of("-+");
    if (skip_digits() == 0) return false;
  }
  return text.empty();
}

std::optional<double> float_value(std::string_view plain) {
  std::string digits = without_underscores(plain);
  if (!looks_like_float(digits)) return std::nullopt;
  if (digits.starts_with('+')) digits.erase(0, 1);
  double number = 0;
  const auto [stop, problem] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (problem != std::errc()) return std::nullopt;
  return number;
}

template <class... Format>
std::string formatted(double number, Format... format) {
  std::array<char, 400> buffer{};
  const auto [end, problem] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, format...);
  return problem == std::errc() ? std::string(buffer.data(), end) : std::string();
}

/// The shortest text that reads back as `number`; with an exponent below 1e-4 and from 1e21 on.
std::string shortest_text(double number) {
  const double size = std::fabs(number);
  const bool scientific = size != 0 && (size < 1e-4 || size >= 1e21);
  return formatted(number, scientific ? std::chars_format::scientific : std::chars_format::fixed);
}

}  // namespace

std::string value_text(std::string_view plain) {
  if (auto text = boolean_text(plain)) return *text;
  if (auto text = integer_text(plain)) return *text;
  if (const auto number = float_value(plain)) return shortest_text(*number);
  return std::string(plain);
}

std::string key_text(std::string_view plain) {
  if (auto text = boolean_text(plain)) return *text;
  if (auto text = integer_text(plain)) return *text;
  constexpr int kDigits = 6;
  if (const auto number = float_value(plain)) {
    return formatted(*number, std::chars_format::scientific, kDigits);
  }
  return std::string(plain);
}

}  // namespace ostler::pipeline
