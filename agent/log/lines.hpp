// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

// The agent's own lines in a job's log, without line ends (an error or warning is two lines, joined
// by LF). Scripts and viewers match on these forms.
// Source: job-lifecycle 1.16.
namespace ostler::log {

/// "~~~ title": begins a section.
std::string section(std::string_view title);
/// "# text" in grey.
std::string comment(std::string_view text);
/// "$ command", as a person would type it.
std::string prompt(std::string_view command);
/// A command line that a shell splits back into `words`.
std::string quoted(std::span<const std::string> words);
/// "🚨 Error: text" in red, and "^^^ +++", which expands the section.
std::string error(std::string_view text);
/// "⚠️ Warning: text" in yellow, and "^^^ +++".
std::string warning(std::string_view text);

}  // namespace ostler::log
