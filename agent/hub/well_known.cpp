// SPDX-License-Identifier: Apache-2.0
#include "hub/well_known.hpp"

#include "hub/error_response.hpp"
#include "wire/rest_json.hpp"

namespace ostler::hub {
namespace {

/// Source: RFC 9727, 4, and RFC 9264.
net::ServerResponse catalog(const std::string& public_url) {
  const std::string document = wire::JsonObjectText()
                                   .text("href", public_url + "/v2/openapi.json")
                                   .text("type", "application/json")
                                   .finish();
  const std::string api = wire::JsonObjectText()
                              .text("anchor", public_url + "/v2")
                              .raw("service-desc", wire::json_array({document}))
                              .finish();
  return {.headers = {{"Content-Type",
                       "application/linkset+json; "
                       "profile=\"https://www.rfc-editor.org/info/rfc9727\""}},
          .body = wire::JsonObjectText().raw("linkset", wire::json_array({api})).finish()};
}

}  // namespace

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
  if (reads && document == "api-catalog") co_return catalog(public_url_);
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
