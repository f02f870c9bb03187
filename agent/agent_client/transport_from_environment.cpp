// SPDX-License-Identifier: Apache-2.0
#include "agent_client/transport_from_environment.hpp"

#include "agent_client/http_transport.hpp"
#include "agent_client/job_socket_transport.hpp"

namespace ostler::agent_client {

Result<std::unique_ptr<Transport>> transport_from_environment(Route route,
                                                              std::chrono::seconds patience) {
  if (auto socket = job_socket_from_environment(); socket && route == Route::JobSocketFirst) {
    return std::make_unique<JobSocketTransport>(std::move(socket).value(), patience);
  }
  OSTLER_TRY(auto peer, peer_from_environment());
  return std::make_unique<HttpTransport>(std::move(peer));
}

}  // namespace ostler::agent_client
