// SPDX-License-Identifier: Apache-2.0
#include "pipeline/core_scalar.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace ostler::pipeline {
namespace {

constexpr std::string_view kDecimalDigits = "0123456789";
/// Longer ones are texts. Each alias of a number is read anew, so that its length counts.
constexpr std::size_t kMostNumberBytes = 512;
/// The same of the digits that are turned to decimal, which costs their square.
constexpr std::size_t kMostBasedDigits = 32;

/// Takes the characters of `set` off the front of `text`.
std::string_view take_run(std::string_view& text, std::string_view set) {
  const std::string_view run = text.substr(0, text.find_first_not_of(set));
  text.remove_prefix(run.size());
  return run;
}

bool take_one(std::string_view& text, std::string_view set) {
  const bool is_there = !text.empty() && set.find(text.front()) != set.npos;
  if (is_there) text.remove_prefix(1);
  return is_there;
}

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return (c >= 'a' ? c - 'a' : c - 'A') + 10;
}

/// In decimal, however long.
std::string decimal_text(std::string_view digits, int base) {
  std::string reversed = "0";
  for (const char c : digits) {
    int carry = digit_value(c);
    for (char& place : reversed) {
      carry += (place - '0') * base;
      place = static_cast<char>('0' + carry % 10);
      carry /= 10;
    }
    for (; carry > 0; carry /= 10) reversed += static_cast<char>('0' + carry % 10);
  }
  return {reversed.rbegin(), reversed.rend()};
}

/// 0o17 and 0x1F.
std::optional<std::string> based_json(std::string_view plain) {
  const bool is_octal = plain.starts_with("0o");
  if (!is_octal && !plain.starts_with("0x")) return std::nullopt;
  plain.remove_prefix(2);
  const std::string_view digits = take_run(plain, is_octal ? "01234567" : "0123456789abcdefABCDEF");
  if (digits.empty() || !plain.empty() || digits.size() > kMostBasedDigits) return std::nullopt;
  return decimal_text(digits, is_octal ? 8 : 16);
}

/// [-+] digits [. digits] [e [-+] digits], with a digit before the exponent.
std::optional<std::string> decimal_json(std::string_view plain) {
  std::string json = plain.starts_with('-') ? "-" : "";
  take_one(plain, "-+");
  std::string_view whole = take_run(plain, kDecimalDigits);
  const bool has_point = take_one(plain, ".");
  const std::string_view fraction = has_point ? take_run(plain, kDecimalDigits) : "";
  if (whole.empty() && fraction.empty()) return std::nullopt;
  whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
  json.append(whole.empty() ? "0" : whole);
  if (has_point) json.append(".").append(fraction.empty() ? "0" : fraction);
  const std::string_view exponent = plain;
  if (take_one(plain, "eE")) {
    take_one(plain, "-+");
    if (take_run(plain, kDecimalDigits).empty()) return std::nullopt;
    json.append(exponent);
  }
  if (!plain.empty()) return std::nullopt;
  return json;
}

bool is_spelled(std::string_view plain, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, plain) != words.end();
}

}  // namespace

std::optional<std::string> core_json(std::string_view plain) {
  if (is_spelled(plain, {"true", "True", "TRUE"})) return "true";
  if (is_spelled(plain, {"false", "False", "FALSE"})) return "false";
  if (plain.size() > kMostNumberBytes) return std::nullopt;
  auto number = based_json(plain);
  if (!number) number = decimal_json(plain);
  if (!number || !std::isfinite(std::strtod(number->c_str(), nullptr))) return std::nullopt;
  return number;
}

bool is_infinite_or_nan(std::string_view plain) {
  if (is_spelled(plain, {".nan", ".NaN", ".NAN"})) return true;
  take_one(plain, "-+");
  return is_spelled(plain, {".inf", ".Inf", ".INF"});
}

}  // namespace ostler::pipeline
