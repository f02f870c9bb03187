// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace ostler::artifact {

struct GlobItem;
using GlobSequence = std::vector<GlobItem>;

/// One element of a pattern as written.
struct GlobItem {
  enum class Kind { Literal, Question, Class, Star, DoubleStar, Alternation };
  Kind kind = Kind::Literal;
  char32_t literal = 0;
  bool negated = false;
  std::vector<std::pair<char32_t, char32_t>> ranges = {};
  std::vector<GlobSequence> branches = {};
};

/// The next character of a UTF-8 text and how many bytes it takes; a byte that begins no
/// character counts as one by itself, above the Unicode range. Requires: `text` is not empty.
std::pair<char32_t, std::size_t> next_character(std::string_view text);

/// The elements of a pattern. Errors: as Glob::parse.
Result<GlobSequence> parse_glob(std::string_view pattern);

}  // namespace ostler::artifact
