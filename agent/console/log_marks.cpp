// SPDX-License-Identifier: Apache-2.0
#include "console/log_marks.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>

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

bool is_shown(const std::string& line) {
  return !line.empty() && !opens_section(line) && !repeats_reason(line);
}

/// The last `most` lines that are shown, from `begin` on.
std::vector<std::string> last_of(std::vector<std::string> lines, std::size_t begin,
                                 std::size_t most) {
  lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(begin));
  std::erase_if(lines, [](const std::string& line) { return !is_shown(line); });
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

/// Lines of a log, the header of their part among them.
struct PartOfFailure {
  std::size_t begin = 0;
  std::size_t end = 0;  ///< that of the log where no failure is told
  bool is_told = false;
};

/// Of the first failure that is told. Without a header nobody knows whose words they are. A command
/// may print headers as those of the agent: its failure is one of all its parts.
PartOfFailure part_of_failure(const std::vector<std::string>& lines) {
  PartOfFailure part;
  std::string_view header;
  std::optional<std::size_t> command;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    if (is_agent_header(lines[at])) {
      part.end = at;
      if (part.is_told) return part;
      header = lines[at];
      part.begin = at;
      if (is_of_command(header.substr(kAgentHeader.size()))) command = at;
    }
    const bool tells =
        header.empty() ? repeats_reason(lines[at]) : tells_failure(lines[at], header);
    if (tells && command && repeats_reason(lines[at])) part.begin = *command;
    part.is_told = part.is_told || tells;
  }
  part.end = lines.size();
  return part;
}

/// Where the last part begins that has lines below its header.
std::size_t begin_of_last_part(const std::vector<std::string>& lines) {
  bool has_lines = false;
  for (std::size_t at = lines.size(); at > 0; --at) {
    const std::string& line = lines[at - 1];
    if (is_agent_header(line) && has_lines) return at - 1;
    has_lines = has_lines || (!is_agent_header(line) && is_shown(line));
  }
  return 0;
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

bool tells_of_failure(std::string_view bytes) { return part_of_failure(lines_of(bytes)).is_told; }

std::vector<std::string> lines_of_failure(std::string_view bytes, bool is_whole, std::size_t most) {
  std::vector<std::string> lines = lines_of(without_half_a_line(bytes, is_whole));
  const PartOfFailure part = part_of_failure(lines);
  lines.resize(part.end);
  const std::size_t begin = part.is_told ? part.begin : begin_of_last_part(lines);
  return last_of(std::move(lines), begin, most);
}

std::vector<std::string> last_log_lines(std::string_view bytes, bool is_whole, std::size_t most) {
  std::vector<std::string> lines = lines_of(without_half_a_line(bytes, is_whole));
  const std::size_t begin = begin_of_last_part(lines);
  return last_of(std::move(lines), begin, most);
}

}  // namespace ostler::console
