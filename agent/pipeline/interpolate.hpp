// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ostler::pipeline {

/// Variables by name.
using VariableTable = std::map<std::string, std::string, std::less<>>;

/// `text` with its variables replaced, once: what comes out is not expanded again.
///
///     $NAME, ${NAME}     value, or nothing
///     ${NAME:-text}      text if unset or empty; may hold expansions itself
///     ${NAME-text}       text if unset
///     ${NAME:off:len}    bytes from off (negative: from the end); len may be left out, or be
///                        negative: an end counted from the end; both are cut to the value
///     ${NAME?message}    error if unset
///     $$, \$             a dollar sign
///
/// A `$` before anything else, and two backslashes, stay as they are. A name is an ASCII letter,
/// then letters, digits and underscores.
/// Errors: UserFault for a variable that must be set, braces that are none of these or never end,
/// expansions more than 32 deep, or more than 1 MiB of result.
/// Source: buildkite/interpolate.
Result<std::string> interpolate(std::string_view text, const VariableTable& variables);

}  // namespace ostler::pipeline
