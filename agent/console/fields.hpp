// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "console/terminal.hpp"

namespace ostler::console {

/// One line: a name, aligned with those of other fields, and the first line of a value that
/// somebody else wrote; nothing when the value is empty.
void print_field(std::string_view name, std::string_view value, Terminal& terminal);

}  // namespace ostler::console
