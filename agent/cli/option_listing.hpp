// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace ostler::cli {

/// The only argument of a command that is to print its options, one a line, and nothing else. Every
/// command understands it, most by read_options (options.hpp).
inline constexpr std::string_view kListOptions = "--list-options-for-completion";

}  // namespace ostler::cli
