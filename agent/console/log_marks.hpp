// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "console/terminal.hpp"

// What agents write into logs besides the output of commands.
namespace ostler::console {

/// A line that begins a part of a job's log.
bool is_header(std::string_view line);
/// Such a line of the agent, not one that a command prints.
bool is_agent_header(std::string_view line);
/// A line that is a word to pages which show logs folded, not for a terminal.
bool opens_section(std::string_view line);
/// A line with which the agent says that a command failed, as the job's reason does too.
/// Source: job-lifecycle, 1.18.
bool repeats_reason(std::string_view line);
/// A line with which the agent says that something failed in a part of the log, which may be
/// coloured. `header` began the part: what a command prints in these words, and does not fail of,
/// is none.
bool tells_failure(std::string_view line, std::string_view header);
/// The style of a line of a job's log, by its header.
Style style_of_line(std::string_view line);

/// What a log tells of a job's failure; plain.
struct LoggedFailure {
  std::string phase;  ///< in which part of the work; empty: it does not say
  std::string fault;  ///< in the agent's words, if it was not the command that failed; or empty

  friend bool operator==(const LoggedFailure&, const LoggedFailure&) = default;
};

/// By the last bytes of a log: what the header says before the first failure that the agent tells
/// of, else the last header; and the last failure told under it. A command that failed says so by
/// itself.
LoggedFailure logged_failure(std::string_view bytes);

/// Whether the last bytes of a log tell of a failure, and not only of what came after it.
bool tells_of_failure(std::string_view bytes);

/// As last_log_lines, but of the part that failed first: without what came after it, such as the
/// upload of artifacts.
std::vector<std::string> lines_of_failure(std::string_view bytes, bool is_whole, std::size_t most);

/// The last `most` lines of a log for people, plain, from its last bytes, with none of a part
/// before the last that has any. `is_whole`: these are all of its bytes; otherwise the first line
/// is taken for half a line.
std::vector<std::string> last_log_lines(std::string_view bytes, bool is_whole, std::size_t most);

}  // namespace ostler::console
