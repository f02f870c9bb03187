// SPDX-License-Identifier: Apache-2.0
#include "agent_client/api_request.hpp"

#include <sys/utsname.h>

#include "agent_client/path.hpp"

namespace ostler::agent_client {
std::string user_agent() {
  utsname system{};
  uname(&system);
  return std::string("ostler/") + OSTLER_VERSION + " (linux; " + system.machine + ")";
}

net::HttpRequest api_request(const Peer& peer, std::string method, std::string_view path) {
  net::HttpRequest request{.method = std::move(method)};
  constexpr std::string_view kUnix = "unix:";
  if (peer.endpoint.starts_with(kUnix)) {
    request.unix_socket = peer.endpoint.substr(kUnix.size());
    request.url = join_url("http://localhost/v3", path);
  } else {
    request.url = join_url(peer.endpoint, path);
  }
  if (!peer.token.empty()) {
    request.headers.emplace_back("Authorization", "Token " + peer.token.reveal());
  }
  for (const auto& header : peer.extra_headers) request.headers.push_back(header);
  return request;
}

void set_json_body(net::HttpRequest& request, std::string json) {
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = std::move(json);
}

}  // namespace ostler::agent_client
