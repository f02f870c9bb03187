// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "hub/rest_api/call.hpp"
#include "hub/rest_api/routes.hpp"
#include "net/http_server.hpp"

namespace ostler::rest_api {

/// Serves everything below /v2: finds the route, checks token, scope and body, and calls the
/// handler. Every answer is JSON with a "message" where it is an error, whatever went wrong.
/// Thread-safe.
class RestApi final : public net::RequestHandler {
 public:
  /// Bytes of a request's body; a larger one is refused with 413.
  static constexpr std::size_t kBodyLimit = 4u << 20;

  explicit RestApi(Backend backend) : backend_(std::move(backend)) {}

  boost::asio::awaitable<net::ServerResponse> handle(net::ServerRequest& request) override;

 private:
  /// `found`: the route of the request, once it is known.
  Answer answer(net::ServerRequest& request, const Route*& found) const;

  Backend backend_;
};

}  // namespace ostler::rest_api
