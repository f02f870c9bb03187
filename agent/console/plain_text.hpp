// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ostler::console {

/// The first line of a text that somebody else wrote, safe for a terminal: control characters of
/// ASCII and of Unicode (C1) and what turns the direction of text around are left out.
std::string plain_line(std::string_view text);

/// All lines of such a text, each as plain_line makes it.
std::string plain_lines(std::string_view text);

/// UTF-8 text without C1 controls and without what turns the direction of text around; what ASCII
/// has stays, escape sequences included.
std::string without_harmful_characters(std::string text);

}  // namespace ostler::console
