// SPDX-License-Identifier: Apache-2.0
#include "agent_client/http_transport.hpp"

#include <cctype>
#include <cstdlib>

#include "agent_client/api_request.hpp"

extern char** environ;  // NOLINT: POSIX declares it in no header

namespace ostler::agent_client {
namespace {

Result<std::string> required(const char* name) {
  const char* value = std::getenv(name);
  if (value != nullptr && *value != '\0') return std::string(value);
  return Error(Errc::UserFault,
               std::string(name) + " is not set: run this inside a job, or set it");
}

/// BUILDKITE_REQUEST_HEADER_BUILDKITE_FOO_BAR is the header Buildkite-Foo-Bar.
std::string header_of(std::string_view variable) {
  std::string name;
  bool first = true;
  for (const char c : variable) {
    const auto byte = static_cast<unsigned char>(c);
    name += c == '_' ? '-' : static_cast<char>(first ? std::toupper(byte) : std::tolower(byte));
    first = c == '_';
  }
  return name;
}

}  // namespace

Result<Peer> peer_from_environment() {
  static constexpr std::string_view kPrefix = "BUILDKITE_REQUEST_HEADER_";
  OSTLER_TRY(auto endpoint, required("BUILDKITE_AGENT_ENDPOINT"));
  OSTLER_TRY(auto token, required("BUILDKITE_AGENT_ACCESS_TOKEN"));
  Peer peer{std::move(endpoint), Secret(std::move(token)), {}};
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view variable(*entry);
    const std::size_t equals = variable.find('=');
    if (!variable.starts_with(kPrefix) || equals == std::string_view::npos) continue;
    peer.extra_headers[header_of(variable.substr(kPrefix.size(), equals - kPrefix.size()))] =
        variable.substr(equals + 1);
  }
  return peer;
}

HttpTransport::HttpTransport(Peer peer)
    : peer_(std::move(peer)), client_({.user_agent = user_agent()}) {}

Result<ApiAnswer> HttpTransport::call(const ApiCall& call) {
  net::HttpRequest request = api_request(peer_, call.method, call.path);
  if (!call.body.empty()) set_json_body(request, call.body);
  if (!call.uuid.empty()) request.headers.emplace_back("Ostler-Request-Uuid", call.uuid);
  set_time_left(request, call.time_left);
  for (const auto& header : call.headers) request.headers.push_back(header);
  OSTLER_TRY(auto answer, client_.send(request));
  return ApiAnswer{answer.status, std::move(answer.body), std::move(answer.headers)};
}

}  // namespace ostler::agent_client
