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
constexpr std::string_view kCommandPhase = "Running commands";
constexpr std::string_view kCommandFailure = "user command error: ";
constexpr std::string_view kSetupFailure = "Error setting up job executor: ";

bool starts_with_any(std::string_view line, std::initializer_list<std::string_view> prefixes) {
  return std::ranges::any_of(prefixes, [line](auto prefix) { return line.starts_with(prefix); });
}

bool is_of_command(std::string_view phase) {
  return phase == kCommandPhase || phase == "Running script";
}

std::string_view without_first_colours(std::string_view line) {
  while (line.starts_with("\x1b[")) {
    line.remove_prefix(std::min(line.find('m'), line.size() - 1) + 1);
  }
  return line;
}

std::vector<std::string> lines_of(std::string_view bytes) {
  LogLines reader(false);
  std::vector<std::string> lines = reader.feed(bytes);
  if (std::string rest = reader.finish(); !rest.empty()) lines.push_back(std::move(rest));
  return lines;
}

std::string_view without_half_a_line(std::string_view bytes, bool is_whole) {
  if (!is_whole) bytes.remove_prefix(std::min(bytes.find('\n'), bytes.size()));
  return bytes;
}

std::vector<std::string> last_of(std::vector<std::string> lines, std::size_t most) {
  std::erase_if(lines, [](const std::string& line) {
    return line.empty() || opens_section(line) || repeats_reason(line);
  });
  if (lines.size() > most) {
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(most));
  }
  return lines;
}

/// Whether a line says of the command what the agent said before: it could not be run.
bool is_of_shell(std::string_view line, std::string_view fault) {
  return !fault.empty() && line.starts_with(kCommandFailure) &&
         line.substr(kCommandFailure.size()) == fault;
}

struct EndOfFailure {
  std::size_t line = 0;  ///< behind its part of the log; the end of the log where none is told
  bool is_told = false;
};

/// Of the first failure that is told. Without a header nobody knows whose words they are.
EndOfFailure end_of_failure(const std::vector<std::string>& lines) {
  std::string_view header;
  bool is_told = false;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (is_agent_header(lines[at])) {
      if (is_told) return {at, true};
      header = lines[at];
    }
    const bool tells =
        header.empty() ? repeats_reason(lines[at]) : tells_failure(lines[at], header);
    is_told = is_told || tells;
  }
  return {lines.size(), is_told};
}

}  // namespace

bool is_header(std::string_view line) { return starts_with_any(line, {"~~~ ", "--- ", "+++ "}); }

bool is_agent_header(std::string_view line) { return line.starts_with(kAgentHeader); }

bool opens_section(std::string_view line) { return line.starts_with("^^^ +++"); }

bool repeats_reason(std::string_view line) {
  return starts_with_any(
      without_first_colours(line),
      {"\U0001F6A8 Error: The command exited with status",
       "\U0001F6A8 Error: The command was interrupted by a signal", kCommandFailure});
}

bool tells_failure(std::string_view line, std::string_view header) {
  if (repeats_reason(line)) return true;
  const bool is_of_agent =
      !is_agent_header(header) || !is_of_command(header.substr(kAgentHeader.size()));
  return is_of_agent && without_first_colours(line).starts_with(kFailure);
}

Style style_of_line(std::string_view line) {
  if (line.starts_with("~~~ ")) return Style::Faint;
  if (line.starts_with("--- ") || line.starts_with("+++ ")) return Style::Bold;
  return Style::Plain;
}

LoggedFailure logged_failure(std::string_view bytes) {
  LogLines reader(false);
  LoggedFailure found;
  for (const std::string& line : reader.feed(bytes)) {
    if (is_agent_header(line)) {
      // What a command prints in the agent's words, and does not fail of, is none.
      if (!found.fault.empty() && !found.phase.empty() && !is_of_command(found.phase)) break;
      found = {line.substr(kAgentHeader.size()), ""};
    }
    if (is_of_shell(line, found.fault)) return found;
    if (!line.starts_with(kFailure)) continue;
    // Of a long log the header is further up.
    if (repeats_reason(line))
      return {found.phase.empty() ? std::string(kCommandPhase) : found.phase, ""};
    found.fault = line.substr(kFailure.size());
  }
  if (found.fault.starts_with(kSetupFailure)) {
    found.fault.erase(0, kSetupFailure.size());
    if (found.phase.empty()) found.phase = "Setting up the job";
  }
  return found;
}

bool tells_of_failure(std::string_view bytes) { return end_of_failure(lines_of(bytes)).is_told; }

std::vector<std::string> lines_of_failure(std::string_view bytes, bool is_whole, std::size_t most) {
  std::vector<std::string> lines = lines_of(without_half_a_line(bytes, is_whole));
  lines.resize(end_of_failure(lines).line);
  return last_of(std::move(lines), most);
}

std::vector<std::string> last_log_lines(std::string_view bytes, bool is_whole, std::size_t most) {
  return last_of(lines_of(without_half_a_line(bytes, is_whole)), most);
}

}  // namespace ostler::console
