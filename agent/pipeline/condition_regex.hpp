// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace re2 {
class RE2;
}

namespace ostler::pipeline {

using ConditionRegex = std::shared_ptr<const re2::RE2>;

/// Errors: UserFault when it is no regex of RE2, or one that costs too much to read or to use.
Result<ConditionRegex> compile_condition_regex(const std::string& pattern, bool ignores_case);

/// Whether the regex is found in the text. `work_left` shrinks by what finding it may cost.
/// Errors: UserFault when the text is too long, or nothing is left.
Result<bool> matches(const std::string& text, const re2::RE2& regex, std::int64_t& work_left);

}  // namespace ostler::pipeline
