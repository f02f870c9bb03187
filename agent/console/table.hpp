// SPDX-License-Identifier: Apache-2.0
#pragma once

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

/// `rows` as lines, their columns aligned to the left and two spaces apart.
std::vector<std::string> table_lines(const std::vector<std::vector<Cell>>& rows,
                                     const Terminal& terminal);

}  // namespace ostler::console
