// SPDX-License-Identifier: Apache-2.0
#include "base/uuid_prefix.hpp"

#include <algorithm>
#include <string>

namespace ostler {
namespace {

constexpr std::size_t kDigits = 32;
constexpr std::size_t kGroupEnds[] = {8, 12, 16, 20};

/// The form of 36 characters of 32 digits.
std::string with_dashes(std::string_view digits) {
  std::string text;
  for (std::size_t at = 0; at < digits.size(); ++at) {
    if (std::ranges::find(kGroupEnds, at) != std::end(kGroupEnds)) text += '-';
    text += digits[at];
  }
  return text;
}

std::optional<Uuid> filled(std::string digits, char rest) {
  digits.resize(kDigits, rest);
  return Uuid::parse(with_dashes(digits));
}

}  // namespace

std::optional<UuidPrefix> UuidPrefix::parse(std::string_view text) {
  std::string digits(text);
  std::erase(digits, '-');
  const bool has_dashes = digits.size() != text.size();
  if (digits.size() < kFewestDigits || digits.size() >= kDigits) return std::nullopt;
  if (has_dashes && !with_dashes(digits + "0").starts_with(text)) return std::nullopt;
  const auto first = filled(digits, '0');
  const auto last = filled(digits, 'f');
  if (!first || !last) return std::nullopt;
  return UuidPrefix{*first, *last};
}

std::string_view short_form(std::string_view uuid) {
  constexpr std::size_t kThreeParts = 18;
  return Uuid::parse(uuid) ? uuid.substr(0, kThreeParts) : uuid;
}

}  // namespace ostler
