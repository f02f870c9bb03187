// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

// What a shell may offer as the value of an option or an argument.
namespace ostler::cli {

/// The values that an option of a command ("--state") can have and its parser does not know, or
/// those of its first argument, when `option` is empty; empty: any.
/// They are words of a table, or what the hub has that `words`, typed before, or the environment
/// name: it is asked for a moment only, and this process ends without a word where it does not
/// answer in time.
std::vector<std::string> offered_values(std::string_view command, std::string_view option,
                                        const Arguments& words);

}  // namespace ostler::cli
