// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace ostler::pipeline {

/// Whether `text`, which begins where a YAML scalar does (its anchor and tag before it allowed),
/// holds a quoted scalar whose closing quote is missing. Only the last scalar of a document can
/// be one: yaml-cpp ends it where the text ends, without a word.
bool is_unclosed_quote(std::string_view text);

}  // namespace ostler::pipeline
