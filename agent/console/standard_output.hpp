// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

// Text of others on standard output. Answers in JSON hold it as it is: what a person sees of it
// steers no terminal, what a program reads is as it was.
namespace ostler::console {

/// escaped_text() of `text` when standard output is a terminal, else `text`.
std::string as_standard_output_shows(std::string_view text);

/// Writes that of a line at once, so that others cannot cut it. Errors: those of the write.
Result<void> write_line(std::string_view line);

}  // namespace ostler::console
