// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>

namespace ostler::support {

/// An environment that a test makes up, as a function of a variable's name.
using GivenVariables = std::map<std::string, std::string>;
inline std::function<std::string(const std::string&)> lookup(GivenVariables variables) {
  return [variables = std::move(variables)](const std::string& name) {
    const auto at = variables.find(name);
    return at == variables.end() ? std::string() : at->second;
  };
}

}  // namespace ostler::support
