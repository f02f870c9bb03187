// SPDX-License-Identifier: Apache-2.0
#include "hub/well_known.hpp"

#include "hub/error_response.hpp"

namespace ostler::hub {

boost::asio::awaitable<net::ServerResponse> WellKnown::handle(net::ServerRequest& request) {
  auto response = co_await serve(request);
  if (response) co_return std::move(response).value();
  co_return error_response(request, response.error());
}

boost::asio::awaitable<Result<net::ServerResponse>> WellKnown::serve(
    const net::ServerRequest& request) {
  const auto& segments = request.parts.segments;
  const std::string_view document = segments.size() == 2 ? std::string_view(segments[1]) : "";
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (reads && document == "openid-configuration") {
    co_return net::json_response(200, issuer_.configuration());
  }
  if (reads && document == "jwks") {
    std::string keys;
    OSTLER_CO_TRY(co_await blocking_.run([&]() -> Result<void> {
      OSTLER_TRY(keys, issuer_.key_set());
      return success();
    }));
    co_return net::json_response(200, std::move(keys));
  }
  co_return Error(Errc::NotFound, "nothing is here");
}

}  // namespace ostler::hub
