// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace ostler::environment {

/// Environment variables by name. Values are bytes without NUL.
using Variables = std::map<std::string, std::string, std::less<>>;

/// The value of `name`, or the empty text when it is unset.
inline const std::string& value_of(const Variables& variables, std::string_view name) {
  static const std::string kUnset;
  const auto found = variables.find(name);
  return found == variables.end() ? kUnset : found->second;
}

/// The environment of this process.
Variables variables_of_process();

}  // namespace ostler::environment
