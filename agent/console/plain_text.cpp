// SPDX-License-Identifier: Apache-2.0
#include "console/plain_text.hpp"

namespace ostler::console {
namespace {

/// How many bytes at the begin of UTF-8 `text` a terminal must not see.
std::size_t harmful_bytes(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  if (byte(0) < 0x20 || byte(0) == 0x7f) return 1;
  if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) <= 0x9F) return 2;
  if (byte(0) != 0xE2) return 0;
  const bool is_embedding = byte(1) == 0x80 && byte(2) >= 0xAA && byte(2) <= 0xAE;
  const bool is_isolate = byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9;
  return is_embedding || is_isolate ? 3 : 0;
}

}  // namespace

std::string plain_line(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  std::string plain;
  while (!text.empty()) {
    const std::size_t skipped = harmful_bytes(text);
    if (skipped == 0) plain += text.front();
    if (text.front() == '\t') plain += ' ';
    text.remove_prefix(skipped == 0 ? 1 : skipped);
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

std::string without_harmful_characters(std::string text) {
  for (std::size_t at = text.find_first_of("\xC2\xE2"); at != text.npos;
       at = text.find_first_of("\xC2\xE2", at)) {
    const std::size_t skipped = harmful_bytes(std::string_view(text).substr(at));
    text.erase(at, skipped);
    at += skipped == 0 ? 1 : 0;
  }
  return text;
}

}  // namespace ostler::console
