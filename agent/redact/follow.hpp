// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "redact/needle_set.hpp"

// How needles are held against a text, byte by byte. Needles are sorted, and LF in a needle stands
// for a break between lines, which any run of white space matches.
namespace ostler::redact {

inline bool is_space(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n' || byte == '\v';
}

/// A place in a text, and how many bytes of the needles led to it.
struct Cursor {
  std::size_t place = 0;
  std::size_t depth = 0;
};

/// Adds to `finding` what the needles come to from `cursor` on.
/// Requires: all `needles` are sorted, unique, and equal in their first `cursor.depth` bytes.
void follow(std::span<const std::string> needles, std::string_view text, Cursor cursor,
            NeedleSet::Finding& finding);

}  // namespace ostler::redact
