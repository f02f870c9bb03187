// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace ostler::cli {

/// The first argument of a command that is to print, one a line, what a shell can offer, and to do
/// nothing else: alone its options; followed by one of them ("--lang") the values that it can have,
/// followed by an empty text those of its arguments, as far as the parser knows them. Every command
/// understands it, most by read_options (options.hpp).
inline constexpr std::string_view kListOptions = "--list-options-for-completion";

}  // namespace ostler::cli
