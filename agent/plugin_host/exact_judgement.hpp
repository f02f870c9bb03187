// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "plugin_host/json_value.hpp"

// What one keyword of a schema demands of one value, without rounding a number.
namespace ostler::plugin_host {

/// Whether `value` is as `keyword`, one that looks at no other schema, wants it.
bool holds(std::string_view keyword, const JsonValue& wanted, const JsonValue& value);

/// The same of the keyword "type".
bool has_type(const JsonValue& wanted, const JsonValue& value);

/// Whether the library, which counts in 64 bits and in doubles, sees every number in a value as it
/// is.
bool has_plain_numbers(const JsonValue& value);

/// How many values a text counts as, besides its own.
int text_weight(std::size_t bytes);
/// How many values lie in this one, itself among them, where a long text is many; `most` when there
/// are more.
int count_values(const JsonValue& value, int most);

/// How many values holds() compares beside `value` itself: those that are wanted, `most` at most,
/// or those of a list whose items are to differ, each with every other.
std::int64_t count_compared(std::string_view keyword, const JsonValue& wanted,
                            const JsonValue& value, int most);

}  // namespace ostler::plugin_host
