// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "hub/blocking_pool.hpp"
#include "hub/oidc_issuer.hpp"
#include "net/http_server.hpp"

namespace ostler::hub {

/// What anybody may read of the hub's identity, below /.well-known: `openid-configuration`, and
/// `jwks`, the keys that its tokens are checked with; and `api-catalog`, where its APIs are (RFC
/// 9727).
class WellKnown final : public net::RequestHandler {
 public:
  /// `public_url` has no slash at its end.
  WellKnown(OidcIssuer& issuer, BlockingPool& blocking, std::string public_url)
      : issuer_(issuer), blocking_(blocking), public_url_(std::move(public_url)) {}

  boost::asio::awaitable<net::ServerResponse> handle(net::ServerRequest& request) override;

 private:
  boost::asio::awaitable<Result<net::ServerResponse>> serve(const net::ServerRequest& request);

  OidcIssuer& issuer_;
  BlockingPool& blocking_;
  const std::string public_url_;
};

}  // namespace ostler::hub
