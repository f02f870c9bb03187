// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ostler::environment {

/// Splits a text the way a POSIX shell splits a simple command: blanks, '…', "…" and backslashes;
/// nothing is expanded. Errors: UserFault when a quote is not closed or a backslash ends the text.
Result<std::vector<std::string>> split_shell_words(std::string_view text);

/// `text` as one word of a POSIX shell.
std::string shell_quoted(std::string_view text);

}  // namespace ostler::environment
