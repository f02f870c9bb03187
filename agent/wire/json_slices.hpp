// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

// Parts of a JSON text as they were written: numbers that are parsed and written again may have
// become several times as long. All require valid JSON, such as parse_json() has taken.
namespace ostler::wire {

/// The values of an array. The views are into `array`.
std::vector<std::string_view> item_slices(std::string_view array);

/// The value of a member of an object, the last of that name; empty when there is none, or its name
/// is written with escapes.
std::string_view member_slice(std::string_view object, std::string_view name);

}  // namespace ostler::wire
