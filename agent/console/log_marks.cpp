// SPDX-License-Identifier: Apache-2.0
#include "console/log_marks.hpp"

#include <algorithm>
#include <initializer_list>

#include "console/log_lines.hpp"

namespace ostler::console {
namespace {

/// Headers of commands begin with other signs.
constexpr std::string_view kAgentHeader = "~~~ ";
constexpr std::string_view kFailure = "\U0001F6A8 Error: ";

bool starts_with_any(std::string_view line, std::initializer_list<std::string_view> prefixes) {
  return std::ranges::any_of(prefixes, [line](auto prefix) { return line.starts_with(prefix); });
}

}  // namespace

bool is_header(std::string_view line) { return starts_with_any(line, {"~~~ ", "--- ", "+++ "}); }

bool opens_section(std::string_view line) { return line.starts_with("^^^ +++"); }

bool repeats_reason(std::string_view line) {
  return starts_with_any(
      line, {"\U0001F6A8 Error: The command exited with status", "user command error: "});
}

Style style_of_line(std::string_view line) {
  if (line.starts_with("~~~ ")) return Style::Faint;
  if (line.starts_with("--- ") || line.starts_with("+++ ")) return Style::Bold;
  return Style::Plain;
}

std::string failed_phase(std::string_view bytes) {
  constexpr std::size_t kMark = 4;
  LogLines reader(false);
  std::string phase;
  for (const std::string& line : reader.feed(bytes)) {
    if (line.starts_with(kAgentHeader)) phase = line.substr(kMark);
    if (!line.starts_with(kFailure)) continue;
    if (!phase.empty()) break;
    if (repeats_reason(line)) return "Running commands";  // a long log: its header is further up
  }
  return phase;
}

std::vector<std::string> last_log_lines(std::string_view bytes, bool is_whole, std::size_t most) {
  if (!is_whole) bytes.remove_prefix(std::min(bytes.find('\n'), bytes.size()));
  LogLines reader(false);
  std::vector<std::string> lines = reader.feed(bytes);
  if (std::string rest = reader.finish(); !rest.empty()) lines.push_back(std::move(rest));
  std::erase_if(lines, [](const std::string& line) {
    return line.empty() || opens_section(line) || repeats_reason(line);
  });
  if (lines.size() > most)
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(most));
  return lines;
}

}  // namespace ostler::console
