// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "hub/rest_api/call.hpp"
#include "hub/rest_api/rate_limiter.hpp"
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

  explicit RestApi(Backend backend)
      : backend_(std::move(backend)), limiter_(backend_.clock, backend_.calls_per_minute) {}

  boost::asio::awaitable<net::ServerResponse> handle(net::ServerRequest& request) override;

 private:
  /// What is known of a request, as far as it got.
  struct Progress {
    const Route* route = nullptr;
    RateWindow window;
  };

  Answer answer(net::ServerRequest& request, Progress& progress);
  /// `refusal`, of a call that no handler takes: it counts all the same. Source: rest-api, 4.
  Answer counted(const net::ServerRequest& request, Progress& progress,
                 net::ServerResponse refusal);

  Backend backend_;
  RateLimiter limiter_;
};

}  // namespace ostler::rest_api
