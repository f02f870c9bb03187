// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace ostler {

/// The candidate that somebody who typed `word` most likely meant: the one fewest edits away, at
/// most two and fewer than half of the word's letters. Empty when none is near.
std::string_view nearest_word(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace ostler
