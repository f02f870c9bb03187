// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "console/terminal.hpp"

namespace ostler::console {

struct Cell {
  std::string text;
  Style style = Style::Plain;
};

/// The columns that UTF-8 `text` takes on a terminal, taking one for each code point.
std::size_t width_of(std::string_view text);

/// `text`, or its begin and "…" when it has more than `width` columns.
std::string shortened(std::string_view text, std::size_t width);

/// `rows` as lines, their columns aligned to the left and two spaces apart. Where the terminal is
/// too narrow, texts are shortened, the longest first, but never those of the first `whole`
/// columns; then the last columns are left out.
std::vector<std::string> table_lines(const std::vector<std::vector<Cell>>& rows,
                                     const Terminal& terminal, std::size_t whole = 0);

}  // namespace ostler::console
