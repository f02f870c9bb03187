// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "hub/hub.hpp"
#include "net/listener.hpp"

namespace ostler::hub {

/// Where the hub is reached from outside, with TLS when it has a certificate, whose files may be
/// renewed. Errors: Conflict when the port is in use; UserFault.
Result<net::Listener> open_public_listener(const HubOptions& options);

/// The address that people and agents are told, without a slash at its end. `port`: of the
/// listener.
std::string public_url(const HubOptions& options, std::uint16_t port);

}  // namespace ostler::hub
