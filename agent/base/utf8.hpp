// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace ostler {

/// A character of well-formed UTF-8. Source: Unicode 15, table 3-7.
struct CodePoint {
  char32_t value = 0;
  std::size_t size = 0;  ///< in bytes; 0: no such character is there
};

/// The character that `text` begins with. None for NUL, or where a byte is no part of UTF-8.
CodePoint first_code_point(std::string_view text);

/// How many bytes at the beginning of `text` are well-formed UTF-8 without NUL: all of them when
/// it is text.
std::size_t valid_utf8_prefix(std::string_view text);

}  // namespace ostler
