// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

// The core schema of YAML 1.2, which the configuration of plugins follows.
// Source: https://yaml.org/spec/1.2.2/#103-core-schema
namespace ostler::pipeline {

/// The JSON of the boolean or number that a plain scalar is; none for a text. A number keeps its
/// text as far as JSON has it: "1.10" is 1.10, "012" is 12, "0x1F" is 31, ".5" is 0.5. One that no
/// double comes near ("12e4567") is a text, as it is to other readers, and so is one of more than
/// 512 bytes or of more than 32 hexadecimal or octal digits.
std::optional<std::string> core_json(std::string_view plain);

/// Whether a plain scalar is an infinity or no number: numbers that JSON does not have.
bool is_infinite_or_nan(std::string_view plain);

}  // namespace ostler::pipeline
