// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ostler::pipeline {

/// The string that a plain (unquoted) YAML scalar stands for where a string is wanted: booleans
/// become true or false, integers decimal, floats their shortest form ("1.10" is 1.1); anything
/// else is itself.
std::string value_text(std::string_view plain);

/// The same for a mapping's key, where floats get their %e form ("1.5" is 1.500000e+00).
std::string key_text(std::string_view plain);

}  // namespace ostler::pipeline
