// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/call.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace ostler::rest_api {

bool Call::has_parameter(std::string_view name) const {
  return std::ranges::any_of(parameters, [&](const auto& entry) { return entry.first == name; });
}

const std::string& Call::parameter(std::string_view name) const {
  const auto found =
      std::ranges::find_if(parameters, [&](const auto& entry) { return entry.first == name; });
  OSTLER_ASSERT(found != parameters.end());
  return found->second;
}

}  // namespace ostler::rest_api
