// SPDX-License-Identifier: Apache-2.0
#include "log/lines.hpp"

namespace ostler::log {
namespace {

constexpr std::string_view kGrey = "\x1b[90m";
constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kPlain = "\x1b[0m";
constexpr std::string_view kExpand = "^^^ +++";

std::string coloured(std::string_view colour, std::string_view text) {
  return std::string(colour).append(text).append(kPlain);
}

std::string quoted_word(std::string_view word) {
  constexpr std::string_view kSafe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
  if (!word.empty() && word.find_first_not_of(kSafe) == word.npos) return std::string(word);
  std::string out = "\"";
  for (const char byte : word) {
    if (byte == '"' || byte == '\\' || byte == '$' || byte == '`') out += '\\';
    out += byte;
  }
  return out += '"';
}

}  // namespace

std::string section(std::string_view title) { return "~~~ " + std::string(title); }

std::string comment(std::string_view text) { return coloured(kGrey, "# " + std::string(text)); }

std::string prompt(std::string_view command) {
  return coloured(kGrey, "$").append(" ").append(command);
}

std::string quoted(std::span<const std::string> words) {
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += ' ';
    out += quoted_word(word);
  }
  return out;
}

std::string error(std::string_view text) {
  return coloured(kRed, "🚨 Error: " + std::string(text)) + "\n" + std::string(kExpand);
}

std::string warning(std::string_view text) {
  return coloured(kYellow, "⚠️ Warning: " + std::string(text)) + "\n" + std::string(kExpand);
}

}  // namespace ostler::log
