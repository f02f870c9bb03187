// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ostler {

/// `text` with A to Z in lower case; all other bytes stay, whatever the locale.
std::string lower_case(std::string_view text);

/// Whether it is empty or holds only spaces, tabs and what ends lines and pages.
bool is_blank(std::string_view text);

}  // namespace ostler
