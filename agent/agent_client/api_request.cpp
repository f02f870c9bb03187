// SPDX-License-Identifier: Apache-2.0
#include "agent_client/api_request.hpp"

#include <sys/utsname.h>

#include <algorithm>

#include "agent_client/path.hpp"

namespace ostler::agent_client {

std::string user_agent() {
  utsname system{};
  uname(&system);
  return std::string("ostler/") + OSTLER_VERSION + " (linux; " + system.machine + ")";
}

namespace {

/// A request for `path` below the URL that `base` makes of the endpoint's.
template <class Base>
net::HttpRequest request_below(const Peer& peer, std::string method, std::string_view path,
                               Base base) {
  net::HttpRequest request{.method = std::move(method)};
  constexpr std::string_view kUnix = "unix:";
  std::string endpoint = peer.endpoint;
  if (endpoint.starts_with(kUnix)) {
    request.unix_socket = endpoint.substr(kUnix.size());
    endpoint = "http://localhost/v3";
  }
  request.url = join_url(base(endpoint), path);
  if (!peer.token.empty()) {
    request.headers.emplace_back("Authorization", "Token " + peer.token.reveal());
  }
  for (const auto& header : peer.extra_headers) request.headers.push_back(header);
  return request;
}

}  // namespace

net::HttpRequest api_request(const Peer& peer, std::string method, std::string_view path) {
  return request_below(peer, std::move(method), path,
                       [](std::string_view endpoint) { return endpoint; });
}

net::HttpRequest root_request(const Peer& peer, std::string method, std::string_view path) {
  return request_below(peer, std::move(method), path, origin_of);
}

void set_time_left(net::HttpRequest& request, std::chrono::milliseconds left) {
  if (left.count() == 0) return;
  request.total_timeout = std::min(request.total_timeout, left);
  request.headers.emplace_back("Buildkite-Timeout-Milliseconds", std::to_string(left.count()));
}

void set_json_body(net::HttpRequest& request, std::string json) {
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = std::move(json);
}

}  // namespace ostler::agent_client
