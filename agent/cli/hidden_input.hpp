// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace ostler::cli {

/// A line that a person types at a terminal without seeing it, after "`what`: "; from a pipe or a
/// file its first line. Without blanks at its end.
/// Errors: UserFault, with `command`, when there is nothing.
Result<Secret> read_hidden_line(const std::string& command, const std::string& what);

/// The same, but from a pipe or a file all of it, without the line break at its end.
Result<Secret> read_hidden_text(const std::string& command, const std::string& what);

}  // namespace ostler::cli
