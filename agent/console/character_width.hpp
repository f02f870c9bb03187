// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace ostler::console {

/// How many columns of a terminal a character takes: two for East Asian wide characters and emoji,
/// none for what joins the character before it. Source: Unicode Standard Annex 11, by blocks.
std::size_t character_width(char32_t character);

}  // namespace ostler::console
