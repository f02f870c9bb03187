// SPDX-License-Identifier: Apache-2.0
#include "agent_client/http_transport.hpp"
#include "agent_client/job_socket_transport.hpp"
#include "cli/exit.hpp"
#include "cli/meta_data.hpp"
#include "cli/run_functions.hpp"

namespace ostler::cli {

// From inside a job through its socket, from anywhere else to the server itself.
int run_meta_data(const Arguments& arguments) {
  if (auto socket = agent_client::job_socket_from_environment();
      socket && !names_a_server(arguments)) {
    agent_client::JobSocketTransport transport(std::move(socket).value());
    return meta_data(arguments, transport);
  }
  auto peer = agent_client::peer_from_environment();
  if (!peer) return fail(peer.error());
  agent_client::HttpTransport transport(std::move(peer).value());
  return meta_data(arguments, transport);
}

}  // namespace ostler::cli
