// SPDX-License-Identifier: Apache-2.0
#pragma once

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

void set_json_body(net::HttpRequest& request, std::string json);

/// The Error that an HTTP error status is: native() is the status, and the server's message is in
/// the text. 401 and 403 Denied, 404 NotFound, 409, 422 and 423 Conflict, 429 and from 500 on
/// Unavailable (retryable), else Protocol.
Error error_of_status(std::string_view call, int status, std::string_view body);

}  // namespace ostler::agent_client
