// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ostler::agent_api {

struct NameParts {
  std::string hostname;
  std::int64_t pid = 0;
  std::string random;  ///< fresh letters and digits
};

/// The name of an agent: `wanted` with %hostname, %pid and %random put in. An empty one becomes
/// "<hostname>-<random>".
std::string agent_name(std::string_view wanted, const NameParts& parts);

}  // namespace ostler::agent_api
