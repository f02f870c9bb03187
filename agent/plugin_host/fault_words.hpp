// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugin_host/json_value.hpp"

// A schema and a value in the words of people who write pipelines.
namespace ostler::plugin_host {

/// `the string "slow"`, "the number 7", "a list". Strings that are long or not plain are told by
/// their length only: a value may be a secret of the job, and a part of one, or one with escapes in
/// it, would pass the redaction of the log.
std::string value_in_words(const JsonValue& value);

/// A key as it may be shown.
std::string key_in_words(std::string_view key);
/// A pointer as it may be shown.
std::string pointer_in_words(std::string_view pointer);

/// What a schema asks for, as far as one phrase can tell: "a string", "one of 1, 2", "a mapping
/// with the key \"host\"".
std::string schema_in_words(const JsonValue& schema);

/// "at least 1 character": what a keyword asks that bounds a value. Empty for one that does not, or
/// that nobody checks.
std::string keyword_in_words(std::string_view keyword, const JsonValue& wanted);

/// "must be at least 1, is 0": why `value` breaks a keyword that looks at no other schema. Empty
/// for a keyword that has no words here.
std::string broken_keyword(std::string_view keyword, const JsonValue& wanted,
                           const JsonValue& value);

/// `no such key, did you mean "name"?`
std::string no_such_key(std::string_view key, const std::vector<std::string_view>& known);

}  // namespace ostler::plugin_host
