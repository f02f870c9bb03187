// SPDX-License-Identifier: Apache-2.0
#include "redact/follow.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <optional>

namespace ostler::redact {
namespace {

using Needles = std::span<const std::string>;
using Finding = NeedleSet::Finding;

constexpr std::size_t kLongestBreak = 64 << 10;  // bounds what a redactor withholds

Needles with_byte(Needles needles, std::size_t depth, char byte) {
  const auto at_depth = [depth](const std::string& needle) {
    return static_cast<unsigned char>(needle[depth]);
  };
  const auto range =
      std::ranges::equal_range(needles, static_cast<unsigned char>(byte), std::less{}, at_depth);
  return {range.begin(), range.end()};
}

/// Where the white space at `place` ends; none when that is no break, or not yet known to be one.
std::optional<std::size_t> pass_break(std::string_view text, std::size_t place, Finding& finding) {
  const std::size_t limit = std::min(text.size(), place + kLongestBreak + 1);
  std::size_t end = place;
  while (end < limit && is_space(text[end])) ++end;
  if (end - place > kLongestBreak) return std::nullopt;
  if (end == text.size()) {
    finding.open = true;
    return std::nullopt;
  }
  return end == place ? std::nullopt : std::optional(end);
}

void match_until(std::size_t end, Finding& finding) {
  finding.match_end = std::max(finding.match_end, end);
}

void follow_one(std::string_view needle, std::string_view text, Cursor cursor, Finding& finding) {
  while (true) {
    const std::size_t line_end = std::min(needle.find('\n', cursor.depth), needle.size());
    const std::size_t wanted = line_end - cursor.depth;
    const std::size_t there = std::min(wanted, text.size() - cursor.place);
    if (std::memcmp(needle.data() + cursor.depth, text.data() + cursor.place, there) != 0) return;
    if (there < wanted) {
      finding.open = true;
      return;
    }
    cursor.place += wanted;
    if (line_end == needle.size()) return match_until(cursor.place, finding);
    const auto next_line = pass_break(text, cursor.place, finding);
    if (!next_line) return;
    cursor = {*next_line, line_end + 1};
  }
}

}  // namespace

void follow(Needles needles, std::string_view text, Cursor cursor, Finding& finding) {
  while (!needles.empty()) {
    if (needles.front().size() == cursor.depth) {
      match_until(cursor.place, finding);
      needles = needles.subspan(1);
      continue;
    }
    if (needles.size() == 1) return follow_one(needles.front(), text, cursor, finding);
    if (cursor.place == text.size()) {
      finding.open = true;
      return;
    }
    const char byte = text[cursor.place];
    if (is_space(byte)) {
      const Needles broken = with_byte(needles, cursor.depth, '\n');
      if (!broken.empty()) {
        const auto next_line = pass_break(text, cursor.place, finding);
        if (next_line) follow(broken, text, {*next_line, cursor.depth + 1}, finding);
      }
      if (byte == '\n') return;
    }
    needles = with_byte(needles, cursor.depth, byte);
    ++cursor.place;
    ++cursor.depth;
  }
}

}  // namespace ostler::redact
