// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ostler::supervise {

/// Where a service can be reached: on this machine alone.
struct ServiceAddress {
  sockaddr_storage raw{};
  socklen_t size = 0;
};

/// Of "127.0.0.1:8080", "[::1]:8080", or "unix:name", a socket in the directory of the service,
/// which must be the current one when it is connected to. Errors: UserFault.
Result<ServiceAddress> parse_service_address(std::string_view text);
/// The same text of a bound TCP socket; empty when it is none of this machine alone.
std::string service_address_of(int socket);

}  // namespace ostler::supervise
