// SPDX-License-Identifier: Apache-2.0
#include "console/table.hpp"

#include <algorithm>
#include <numeric>

namespace ostler::console {

namespace {

constexpr std::size_t kGap = 2;        // between columns
constexpr std::size_t kNarrowest = 6;  // a shortened column

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::vector<std::size_t> widths_of(const std::vector<std::vector<Cell>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], width_of(row[i].text));
    }
  }
  return widths;
}

std::size_t width_of_line(const std::vector<std::size_t>& widths) {
  return std::accumulate(widths.begin(), widths.end(), kGap * (widths.size() - 1));
}

/// Makes columns narrower, and leaves out the last ones, until a line has `columns`.
void fit(std::vector<std::size_t>& widths, std::size_t columns, std::size_t whole) {
  while (!widths.empty() && width_of_line(widths) > columns) {
    const auto first = widths.begin() + static_cast<std::ptrdiff_t>(std::min(whole, widths.size()));
    const auto widest = std::max_element(first, widths.end());
    if (widest != widths.end() && *widest > kNarrowest) {
      --*widest;
    } else if (widths.size() > std::max<std::size_t>(whole, 1)) {
      widths.pop_back();
    } else {
      return;
    }
  }
}

}  // namespace

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

std::string shortened(std::string_view text, std::size_t width) {
  if (width_of(text) <= width) return std::string(text);
  std::size_t end = 0;
  for (std::size_t kept = 0; end < text.size(); ++end) {
    if (begins_character(text[end]) && ++kept >= std::max<std::size_t>(width, 1)) break;
  }
  return std::string(text.substr(0, end)) + "\u2026";
}

std::vector<std::string> table_lines(const std::vector<std::vector<Cell>>& rows,
                                     const Terminal& terminal, std::size_t whole) {
  std::vector<std::size_t> widths = widths_of(rows);
  if (terminal.columns() != 0) fit(widths, terminal.columns(), whole);
  std::vector<std::string> lines;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < std::min(row.size(), widths.size()); ++i) {
      const std::string text = shortened(row[i].text, widths[i]);
      line += terminal.styled(text, row[i].style);
      line.append(widths[i] - width_of(text) + kGap, ' ');
    }
    lines.push_back(line.substr(0, line.find_last_not_of(' ') + 1));
  }
  return lines;
}

}  // namespace ostler::console
