// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ostler::net {

/// Where a server listens.
struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;  ///< 0: any free one
};

/// Reads "127.0.0.1:7450", "[::1]:7450" or ":7450" (every address of this machine).
/// Errors: UserFault.
Result<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace ostler::net
