// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace ostler::pipeline {

/// How many bytes at the beginning of `text` are well-formed UTF-8 without NUL: all of them when
/// it is text.
/// Source: Unicode 15, table 3-7.
std::size_t valid_utf8_prefix(std::string_view text);

}  // namespace ostler::pipeline
