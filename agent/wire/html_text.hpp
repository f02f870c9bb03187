// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ostler::wire {

/// Appends a text so that HTML, also within quotes, shows it as it is.
void append_html(std::string& html, std::string_view text);

/// The same, alone.
std::string html_of(std::string_view text);

}  // namespace ostler::wire
