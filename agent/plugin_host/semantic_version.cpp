// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/semantic_version.hpp"

#include <algorithm>
#include <compare>
#include <utility>
#include <vector>

namespace ostler::plugin_host {
namespace {

using Parts = std::vector<std::string_view>;

constexpr std::size_t kNumbers = 3;
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kIdentifier =
    "0123456789-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool is_of(std::string_view part, std::string_view characters) {
  return !part.empty() && part.find_first_not_of(characters) == part.npos;
}

bool is_number(std::string_view part) {
  return is_of(part, kDigits) && (part.size() == 1 || part.front() != '0');
}

bool is_identifier(std::string_view part) {
  return is_of(part, kDigits) ? is_number(part) : is_of(part, kIdentifier);
}

Parts parts_of(std::string_view text) {
  Parts parts;
  for (;;) {
    const std::size_t end = text.find('.');
    parts.push_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::strong_ordering compare_numbers(std::string_view a, std::string_view b) {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  return std::pair(a.size(), a) <=> std::pair(b.size(), b);
}

/// Numbers come before names.
std::strong_ordering compare_parts(std::string_view a, std::string_view b) {
  const bool is_a_number = is_of(a, kDigits);
  const bool is_b_number = is_of(b, kDigits);
  if (is_a_number != is_b_number) return is_b_number <=> is_a_number;
  return is_a_number ? compare_numbers(a, b) : a <=> b;
}

std::strong_ordering compare(std::string_view a, std::string_view b) {
  const Parts first = parts_of(a);
  const Parts second = parts_of(b);
  return std::lexicographical_compare_three_way(first.begin(), first.end(), second.begin(),
                                                second.end(), compare_parts);
}

}  // namespace

bool is_semantic_version(std::string_view text) {
  const std::size_t dash = text.find('-');
  const Parts numbers = parts_of(text.substr(0, dash));
  if (numbers.size() != kNumbers || !std::ranges::all_of(numbers, is_number)) return false;
  return dash == text.npos || std::ranges::all_of(parts_of(text.substr(dash + 1)), is_identifier);
}

bool is_earlier(std::string_view a, std::string_view b) {
  const std::size_t a_dash = a.find('-');
  const std::size_t b_dash = b.find('-');
  const auto order = compare(a.substr(0, a_dash), b.substr(0, b_dash));
  if (order != 0) return order < 0;
  // What is not a pre-release comes after all of those.
  if (a_dash == a.npos || b_dash == b.npos) return a_dash != a.npos && b_dash == b.npos;
  return compare(a.substr(a_dash + 1), b.substr(b_dash + 1)) < 0;
}

}  // namespace ostler::plugin_host
