// SPDX-License-Identifier: Apache-2.0
#include "console/pipeline_faults.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "console/plain_text.hpp"
#include "console/table.hpp"

namespace ostler::console {
namespace {

/// How much of a long line is shown before its fault, and in all.
constexpr std::size_t kShownBefore = 60;
constexpr std::size_t kShownColumns = 100;
/// How many bytes of a line programs are given: a file may be one line, and each fault has its own.
constexpr std::size_t kLongestSourceLine = 1000;
constexpr std::string_view kIndent = "    ";

std::string_view line_of(std::string_view text, int number) {
  for (int passed = 1; passed < number; ++passed) {
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    if (text.empty()) return {};
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// At most so many bytes, and no half of a character.
std::string_view beginning(std::string_view text, std::size_t most) {
  std::size_t end = std::min(text.size(), most);
  while (end > most - 4 && end < text.size() && continues_character(text[end])) --end;
  return text.substr(0, end);
}

/// What is enough of `text` for a line that is shown: a fault costs no more than that, however
/// long its line.
std::string beginning_of(std::string_view text) {
  const std::string_view enough = beginning(text, 4 * kShownColumns);
  return plain_line(enough) + (enough.size() < text.size() ? "…" : "");
}

/// Takes ":12" from the beginning of `line`; 0: it begins otherwise.
int take_number(std::string_view& line) {
  int number = 0;
  if (!line.starts_with(':')) return number;
  const auto [stop, problem] = std::from_chars(line.data() + 1, line.data() + line.size(), number);
  if (problem != std::errc()) return 0;
  line.remove_prefix(static_cast<std::size_t>(stop - line.data()));
  return number;
}

/// The place that a fault begins with; line 0: none.
model::SourcePosition place_in(std::string_view fault, std::string_view file) {
  if (!fault.starts_with(file)) return {};
  fault.remove_prefix(file.size());
  const int line = take_number(fault);
  const int column = take_number(fault);
  return fault.starts_with(": ") && column > 0 ? model::SourcePosition{line, column}
                                               : model::SourcePosition{};
}

void add_fault(std::string& shown, std::string_view line, model::SourcePosition at,
               std::string_view text) {
  if (!shown.empty()) shown += "\n";
  shown += plain_line(line);
  const std::string excerpt = at.line > 0 ? source_excerpt(text, at) : std::string();
  if (!excerpt.empty()) shown += "\n" + excerpt;
}

}  // namespace

std::string source_line(std::string_view text, int number) {
  const std::string_view line = line_of(text, number);
  const std::string_view shown = beginning(line, kLongestSourceLine);
  return std::string(shown) + (shown.size() < line.size() ? "…" : "");
}

std::string source_excerpt(std::string_view text, model::SourcePosition at) {
  const std::string_view line = line_of(text, at.line);
  std::size_t place = std::min(line.size(), static_cast<std::size_t>(std::max(at.column, 1)) - 1);
  std::size_t begin = place > kShownBefore ? place - kShownBefore : 0;
  while (begin > 0 && begin < place && continues_character(line[begin])) ++begin;
  const std::string before = plain_line(line.substr(begin, place - begin));
  const std::string cut = begin > 0 ? "…" : "";
  const std::string shown =
      shortened(cut + before + beginning_of(line.substr(place)), kShownColumns);
  if (shown.empty()) return {};
  const std::string gap(width_of(cut + before), ' ');
  return std::string(kIndent).append(shown).append("\n").append(kIndent) + gap + "^";
}

Error shown_faults(const pipeline::FaultList& faults, std::string_view text) {
  std::string shown;
  for (const auto& fault : faults.in_order()) add_fault(shown, fault.line, fault.at, text);
  if (const std::string rest = faults.rest(); !rest.empty()) shown += "\n" + rest;
  return Error(Errc::UserFault, std::move(shown));
}

Error shown_faults(const Error& faults, std::string_view file, std::string_view text) {
  std::string shown;
  std::string_view rest = faults.message();
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    add_fault(shown, line, place_in(line, file), text);
  }
  return Error(Errc::UserFault, std::move(shown));
}

}  // namespace ostler::console
