// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ostler::console {

/// `text` with what steers a terminal beyond ASCII (C1) or turns the direction of text around as
/// JSON writes it in ASCII, "\u009b": in JSON it means the same. A byte that is no part of UTF-8
/// becomes U+FFFD; all else stays, colours included.
std::string escaped_text(std::string_view text);

}  // namespace ostler::console
