// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

// The `format` of a text field: a regular expression that the whole text must match, as in HTML.
namespace ostler::pipeline {

/// What is wrong with the expression; none when it can be used.
std::optional<std::string> fault_in_format(std::string_view format);

/// Requires: nothing is wrong with `format`.
bool matches_format(std::string_view text, std::string_view format);

}  // namespace ostler::pipeline
