// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "plugin_host/json_value.hpp"

// What a schema asks of a value beyond its type, in the words of its faults.
namespace ostler::plugin_host {

/// The schemas of `choices`, each in words: "a whole number (at least 1)", "alternative 2" where
/// there are none. They may refer to `root`.
std::string alternatives_in_words(const JsonValue& root, const JsonValue& choices,
                                  std::string_view separator);

/// "at least 1, at most 10, only one of: a string or a list"; empty: nothing.
std::string rules_in_words(const JsonValue& root, const JsonValue& schema);

}  // namespace ostler::plugin_host
