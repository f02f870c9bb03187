// SPDX-License-Identifier: Apache-2.0
#include "console/table.hpp"

#include <algorithm>
#include <utility>

#include "base/utf8.hpp"
#include "console/character_width.hpp"

namespace ostler::console {

namespace {

constexpr std::size_t kGap = 2;              // between columns
constexpr std::size_t kNarrowest = 11;       // a shortened column: "did not run"
constexpr std::size_t kNarrowestTitle = 24;  // the first one, or half of the terminal

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

/// As much of the begin of `text` as has `columns`.
std::string_view first_columns(std::string_view text, std::size_t columns) {
  std::size_t end = 0;
  for (std::size_t kept = 0; end < text.size();) {
    const Extent extent = first_extent(text.substr(end));
    kept += extent.columns;
    if (kept > columns) break;
    end += extent.bytes;
  }
  return text.substr(0, end);
}

/// As much of its end.
std::string_view last_columns(std::string_view text, std::size_t columns) {
  for (std::size_t left = width_of(text); left > columns;) {
    const Extent extent = first_extent(text);
    left -= extent.columns;
    text.remove_prefix(extent.bytes);
  }
  return text;
}

struct Column {
  std::size_t width = 0;
  bool is_whole = false;
};
using Columns = std::vector<Column>;

Columns columns_of(const std::vector<std::vector<Cell>>& rows, std::size_t whole) {
  Columns columns;
  for (const auto& row : rows) {
    columns.resize(std::max(columns.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      columns[i].width = std::max(columns[i].width, width_of(row[i].text));
      columns[i].is_whole = columns[i].is_whole || i < whole || row[i].tail == kWholeText;
    }
  }
  return columns;
}

std::size_t width_of_line(const Columns& columns) {
  std::size_t width = kGap * (columns.size() - 1);
  for (const Column& column : columns) width += column.width;
  return width;
}

/// Makes columns narrower, the widest first, until a line has `width`. False: it cannot be.
bool narrow(Columns& columns, std::size_t width) {
  const auto title = std::ranges::find(columns, false, &Column::is_whole);
  const std::size_t of_title = std::clamp(width / 2, kNarrowest, kNarrowestTitle);
  while (width_of_line(columns) > width) {
    auto widest = columns.end();
    for (auto at = title; at != columns.end(); ++at) {
      const bool can_give = !at->is_whole && at->width > (at == title ? of_title : kNarrowest);
      if (can_give && (widest == columns.end() || at->width > widest->width)) widest = at;
    }
    if (widest == columns.end()) return false;
    --widest->width;
  }
  return true;
}

/// As many columns as can be read; the last ones are left out before the others say nothing more.
Columns fitting(Columns columns, std::size_t width, std::size_t least) {
  while (!columns.empty()) {
    Columns narrowed = columns;
    if (narrow(narrowed, width)) return narrowed;
    if (columns.size() <= least) break;
    columns.pop_back();
  }
  for (Column& column : columns) column.is_whole = false;
  narrow(columns, width);
  return columns;
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

std::string shortened(std::string_view text, std::size_t width, std::size_t tail) {
  if (width_of(text) <= width) return std::string(text);
  const std::string_view end = last_columns(text, std::min(tail, width / 2));
  const std::size_t room = std::max<std::size_t>(width, 1) - 1;  // the sign of it takes one
  return std::string(first_columns(text, room - width_of(end))) + "\u2026" + std::string(end);
}

std::vector<std::string> table_lines(const std::vector<std::vector<Cell>>& rows,
                                     const Terminal& terminal, std::size_t whole) {
  Columns columns = columns_of(rows, whole);
  if (terminal.columns() != 0) {
    columns = fitting(std::move(columns), terminal.columns(), std::max<std::size_t>(whole, 1));
  }
  std::vector<std::string> lines;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < std::min(row.size(), columns.size()); ++i) {
      const std::string text = shortened(row[i].text, columns[i].width, row[i].tail);
      line += terminal.styled(text, row[i].style);
      line.append(columns[i].width - width_of(text) + kGap, ' ');
    }
    lines.push_back(line.substr(0, line.find_last_not_of(' ') + 1));
  }
  return lines;
}

}  // namespace ostler::console
