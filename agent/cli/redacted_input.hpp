// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace CLI {
class App;
}

// Values that a command sends: from an argument or from standard input, without secrets.
namespace ostler::cli {

/// Everything on standard input. `what` names it in errors: "the value".
/// Errors: UserFault when it is longer than 8 MiB; Internal, Unavailable when it cannot be read.
Result<std::string> read_standard_input(std::string_view what);

/// `given`, or what is on standard input.
Result<std::string> value_or_standard_input(std::optional<std::string> given,
                                            std::string_view what);

/// `--redacted-vars`, from BUILDKITE_REDACTED_VARS.
void take_redacted_vars(CLI::App& app, std::string& globs);

/// `value` without the values of those of this process's variables whose names match `globs`
/// (comma list; empty: the default list). Says on standard error when there were some; `command`
/// and `what` name the value there.
std::string redacted(const std::string& value, const std::string& globs, std::string_view command,
                     std::string_view what);

}  // namespace ostler::cli
