// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "agent_client/http_transport.hpp"
#include "net/http_message.hpp"

namespace ostler::agent_client {

/// "ostler/<version> (linux; <arch>)"
std::string user_agent();

/// A request of the Agent API without a body: URL, token, the headers the server asked for.
/// `path` is relative to the endpoint, encoded, with its query.
net::HttpRequest api_request(const Peer& peer, std::string method, std::string_view path);

/// A request without a body for what is at the root of the endpoint's host, whatever path the
/// endpoint has. `path` begins without a slash.
net::HttpRequest root_request(const Peer& peer, std::string method, std::string_view path);

/// Bounds what the request may take, and tells the server; zero: neither.
void set_time_left(net::HttpRequest& request, std::chrono::milliseconds left);

void set_json_body(net::HttpRequest& request, std::string json);

}  // namespace ostler::agent_client
