// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "agent_client/transport.hpp"
#include "base/secret.hpp"
#include "net/http_client.hpp"

namespace ostler::agent_client {

/// Where the Agent API is, and what every request to it carries.
struct Peer {
  std::string endpoint;                              ///< base URL, or unix:PATH of a socket
  Secret token;                                      ///< empty: no Authorization header
  std::map<std::string, std::string> extra_headers;  ///< as the server told us: Buildkite-*
};

/// The peer that BUILDKITE_AGENT_ENDPOINT, BUILDKITE_AGENT_ACCESS_TOKEN and
/// BUILDKITE_REQUEST_HEADER_* name: how a command calls from where there is no job socket.
/// Errors: UserFault, naming the variable that is missing.
Result<Peer> peer_from_environment();

/// Calls the server itself, over HTTP.
class HttpTransport final : public Transport {
 public:
  explicit HttpTransport(Peer peer);
  Result<ApiAnswer> call(const ApiCall& call) override;

 private:
  Peer peer_;
  net::BlockingHttpClient client_;
};

}  // namespace ostler::agent_client
