// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "console/terminal.hpp"

namespace ostler::console {

/// A text that says nothing when it is shortened, such as an id.
inline constexpr std::size_t kWholeText = std::string::npos;

struct Cell {
  std::string text;
  Style style = Style::Plain;
  /// Columns at the end of the text that stay when it is shortened; kWholeText: it is not, nor are
  /// the others of its column.
  std::size_t tail = 0;
};

/// The columns that UTF-8 `text` takes on a terminal, taking one for each code point.
std::size_t width_of(std::string_view text);

/// `text`, or its begin and "…" when it has more than `width` columns; then also its last `tail`
/// ones, which get half of the width at most.
std::string shortened(std::string_view text, std::size_t width, std::size_t tail = 0);

/// `rows` as lines, their columns aligned to the left and two spaces apart. Where the terminal is
/// too narrow, texts are shortened, the longest first, but not those of the first `whole` columns;
/// then the last columns are left out; then even the first ones are shortened.
std::vector<std::string> table_lines(const std::vector<std::vector<Cell>>& rows,
                                     const Terminal& terminal, std::size_t whole = 0);

}  // namespace ostler::console
