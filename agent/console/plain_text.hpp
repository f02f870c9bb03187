// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ostler::console {

/// The first line of a text that somebody else wrote, safe for a terminal: control characters of
/// ASCII and of Unicode (C1) and what turns the direction of text around are left out. A byte that
/// is no part of UTF-8 becomes U+FFFD.
std::string plain_line(std::string_view text);

/// All lines of such a text, each as plain_line makes it.
std::string plain_lines(std::string_view text);

/// The same for text whose ASCII stays as it is, escape sequences included.
std::string without_harmful_characters(std::string_view text);

}  // namespace ostler::console
