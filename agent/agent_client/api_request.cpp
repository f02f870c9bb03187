// SPDX-License-Identifier: Apache-2.0
#include "agent_client/api_request.hpp"

#include <sys/utsname.h>

#include "agent_client/path.hpp"
#include "wire/agent_api.hpp"

namespace ostler::agent_client {
namespace {

Errc code_of(int status) {
  switch (status) {
    case 401:
    case 403: return Errc::Denied;
    case 404: return Errc::NotFound;
    case 409:
    case 422:
    case 423: return Errc::Conflict;
    default: return status == 429 || status >= 500 ? Errc::Unavailable : Errc::Protocol;
  }
}

}  // namespace

std::string user_agent() {
  utsname system{};
  uname(&system);
  return std::string("ostler/") + OSTLER_VERSION + " (linux; " + system.machine + ")";
}

net::HttpRequest api_request(const Peer& peer, std::string method, std::string_view path) {
  net::HttpRequest request{.method = std::move(method), .url = join_url(peer.endpoint, path)};
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

Error error_of_status(std::string_view call, int status, std::string_view body) {
  std::string text = std::string(call) + ": the server answered " + std::to_string(status);
  std::string message = wire::decode_message(body);
  for (char& c : message) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';  // an error is one line
  }
  if (!message.empty()) text += " (" + message + ")";
  const Errc code = code_of(status);
  return Error(code, std::move(text)).with_native(status).with_retryable(code == Errc::Unavailable);
}

}  // namespace ostler::agent_client
