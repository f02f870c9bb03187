// SPDX-License-Identifier: Apache-2.0
#include "console/table.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/utf8.hpp"
#include "console/character_width.hpp"

namespace ostler::console {

namespace {

constexpr std::size_t kGap = 2;         // between columns
constexpr std::size_t kNarrowest = 11;  // a shortened column: "did not run"

/// Bytes and columns of the character that `text` begins with.
struct Extent {
  std::size_t bytes = 1;
  std::size_t columns = 1;
};

Extent first_extent(std::string_view text) {
  const CodePoint character = first_code_point(text);
  if (character.size == 0) return {};
  return {character.size, character_width(character.value)};
}

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

/// Makes columns narrower, the widest first, until a line has `columns`. False: it cannot be.
bool narrow(std::vector<std::size_t>& widths, std::size_t columns, std::size_t whole) {
  while (width_of_line(widths) > columns) {
    const auto first = widths.begin() + static_cast<std::ptrdiff_t>(std::min(whole, widths.size()));
    const auto widest = std::max_element(first, widths.end());
    if (widest == widths.end() || *widest <= kNarrowest) return false;
    --*widest;
  }
  return true;
}

/// As many columns as can be read; the last ones are left out before the others say nothing more.
std::vector<std::size_t> fitting(std::vector<std::size_t> widths, std::size_t columns,
                                 std::size_t whole) {
  while (!widths.empty()) {
    std::vector<std::size_t> narrowed = widths;
    const bool is_least = widths.size() <= std::max<std::size_t>(whole, 1);
    if (narrow(narrowed, columns, whole) || is_least) return narrowed;
    widths.pop_back();
  }
  return widths;
}

}  // namespace

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Extent extent = first_extent(text);
    width += extent.columns;
    text.remove_prefix(extent.bytes);
  }
  return width;
}

std::string shortened(std::string_view text, std::size_t width) {
  if (width_of(text) <= width) return std::string(text);
  const std::size_t room = std::max<std::size_t>(width, 1) - 1;  // the sign of it takes one
  std::size_t end = 0;
  for (std::size_t kept = 0; end < text.size();) {
    const Extent extent = first_extent(text.substr(end));
    kept += extent.columns;
    if (kept > room) break;
    end += extent.bytes;
  }
  return std::string(text.substr(0, end)) + "\u2026";
}

std::vector<std::string> table_lines(const std::vector<std::vector<Cell>>& rows,
                                     const Terminal& terminal, std::size_t whole) {
  std::vector<std::size_t> widths = widths_of(rows);
  if (terminal.columns() != 0) widths = fitting(std::move(widths), terminal.columns(), whole);
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
