// SPDX-License-Identifier: Apache-2.0
#include "console/plain_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/utf8.hpp"
#include "console/escaped_text.hpp"

namespace ostler::console {
namespace {

/// What stands for a byte that is no part of UTF-8: neither left out, or what is beside it would
/// come together as something else, nor shown, for some terminals obey single bytes.
constexpr std::string_view kNoCharacter = "\uFFFD";

/// Whether it steers a terminal or turns the direction of the text around it.
bool is_harmful(char32_t c) {
  const auto within = [c](char32_t low, char32_t high) { return c >= low && c <= high; };
  const bool is_control = c < 0x20 || within(0x7F, 0x9F);
  const bool is_mark = within(0x200E, 0x200F) || c == 0x061C;
  return is_control || is_mark || within(0x202A, 0x202E) || within(0x2066, 0x2069);
}

/// The character that `text` begins with, as a terminal may see it; `text` goes on behind it.
std::string_view take_character(std::string_view& text) {
  const CodePoint character = first_code_point(text);
  const bool is_nul = text.front() == '\0';
  const std::string_view bytes = text.substr(0, character.size);
  text.remove_prefix(bytes.empty() ? 1 : bytes.size());
  if (is_nul || (!bytes.empty() && is_harmful(character.value))) return {};
  return bytes.empty() ? kNoCharacter : bytes;
}

}  // namespace

std::string plain_line(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  std::string plain;
  while (!text.empty()) {
    if (text.front() == '\t') plain += ' ';
    plain += take_character(text);
  }
  return plain;
}

std::string plain_lines(std::string_view text) {
  std::string plain = plain_line(text);
  for (std::size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) {
    plain.append("\n").append(plain_line(text.substr(at + 1)));
  }
  return plain;
}

std::string without_harmful_characters(std::string_view text) {
  std::string rest;
  while (!text.empty()) {
    const bool is_ascii = static_cast<unsigned char>(text.front()) < 0x80;
    if (!is_ascii) {
      rest += take_character(text);
      continue;
    }
    rest += text.front();
    text.remove_prefix(1);
  }
  return rest;
}

std::string escaped_text(std::string_view text) {
  std::string escaped;
  while (!text.empty()) {
    const CodePoint character = first_code_point(text);
    const std::string_view bytes = text.substr(0, std::max<std::size_t>(character.size, 1));
    text.remove_prefix(bytes.size());
    if (character.size == 0 && bytes.front() != '\0') {
      escaped += kNoCharacter;
      continue;
    }
    if (character.value < 0x7F || !is_harmful(character.value)) {
      escaped += bytes;
      continue;
    }
    std::array<char, 8> code{};
    std::snprintf(code.data(), code.size(), "\\u%04x", static_cast<unsigned>(character.value));
    escaped += code.data();
  }
  return escaped;
}

}  // namespace ostler::console
