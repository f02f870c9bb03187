// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>

#include "agent_client/transport.hpp"

namespace ostler::agent_client {

/// How a command reaches the server: from inside a job through its socket, from anywhere else over
/// HTTP with BUILDKITE_AGENT_ENDPOINT and BUILDKITE_AGENT_ACCESS_TOKEN.
enum class Route {
  JobSocketFirst,
  Http,  ///< the caller was given a server or a token, which only HTTP can honour
};

/// `patience`: how long a call through the socket waits while no agent is alive.
/// Errors: UserFault, naming the variable that is missing.
Result<std::unique_ptr<Transport>> transport_from_environment(
    Route route = Route::JobSocketFirst, std::chrono::seconds patience = std::chrono::minutes(30));

}  // namespace ostler::agent_client
