// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "agent_client/transport.hpp"

namespace ostler::agent_client {

/// How a command reaches the server: from inside a job through its socket, from anywhere else over
/// HTTP with BUILDKITE_AGENT_ENDPOINT and BUILDKITE_AGENT_ACCESS_TOKEN.
enum class Route {
  JobSocketFirst,
  Http,  ///< the caller was given a server or a token, which only HTTP can honour
};

/// Errors: UserFault, naming the variable that is missing.
Result<std::unique_ptr<Transport>> transport_from_environment(Route route = Route::JobSocketFirst);

}  // namespace ostler::agent_client
