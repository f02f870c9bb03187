// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>
#include <span>

#include "redact/needle_set.hpp"

namespace ostler::redact {
namespace {

struct Rune {
  std::uint32_t code = 0;
  std::size_t size = 1;  // bytes; 1 with code 0xFFFFFFFF for a byte that is no UTF-8
};

constexpr std::uint32_t kInvalid = 0xFFFFFFFF;

Rune decode(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < size) return {kInvalid, 1};
  std::uint32_t code = first & (0x7Fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) return {kInvalid, 1};
    code = code << 6 | (next & 0x3Fu);
  }
  constexpr std::array<std::uint32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < kSmallest[size] || code > 0x10FFFF || surrogate) return {kInvalid, 1};
  return {code, size};
}

struct Range {
  std::uint32_t first, last;
};

/// What Go's strconv.IsPrint refuses and text in the field holds: controls, spaces other than
/// U+0020, format characters, private use, noncharacters.
bool is_printable(std::uint32_t code) {
  static constexpr Range kRefused[] = {
      {0x00, 0x1F},       {0x7F, 0xA0},       {0xAD, 0xAD},     {0x61C, 0x61C},   {0x1680, 0x1680},
      {0x180E, 0x180E},   {0x2000, 0x200F},   {0x2028, 0x202F}, {0x205F, 0x206F}, {0x3000, 0x3000},
      {0xE000, 0xF8FF},   {0xFDD0, 0xFDEF},   {0xFEFF, 0xFEFF}, {0xFFF0, 0xFFFB}, {0xFFFE, 0xFFFF},
      {0xE0000, 0xE00FF}, {0xF0000, 0x10FFFF}};
  for (const Range& range : kRefused) {
    if (code >= range.first && code <= range.last) return false;
  }
  return true;
}

char short_escape(std::uint32_t code) {
  constexpr std::string_view kCodes = "\a\b\f\n\r\t\v\"\\";
  constexpr std::string_view kLetters = "abfnrtv\"\\";
  const std::size_t at = code < 0x80 ? kCodes.find(static_cast<char>(code)) : kCodes.npos;
  return at == kCodes.npos ? '\0' : kLetters[at];
}

void append_hex(const char* format, std::uint32_t code, std::string& out) {
  std::array<char, 16> digits{};
  const int size = std::snprintf(digits.data(), digits.size(), format, code);
  out.append(digits.data(), static_cast<std::size_t>(size));
}

}  // namespace

std::string go_quoted(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Rune rune = decode(text);
    if (rune.code == kInvalid) {
      append_hex("\\x%02x", static_cast<unsigned char>(text[0]), out);
    } else if (const char letter = short_escape(rune.code)) {
      out += {'\\', letter};
    } else if (is_printable(rune.code)) {
      out += text.substr(0, rune.size);
    } else {
      append_hex(rune.code < 0x80      ? "\\x%02x"
                 : rune.code < 0x10000 ? "\\u%04x"
                                       : "\\U%08x",
                 rune.code, out);
    }
    text.remove_prefix(rune.size);
  }
  return out;
}

}  // namespace ostler::redact
