// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/blocking_pool.hpp"
#include "hub/oidc_issuer.hpp"
#include "net/http_server.hpp"

namespace ostler::hub {

/// What anybody may read of the hub's identity, below /.well-known: `openid-configuration`, and
/// `jwks`, the keys that its tokens are checked with.
class WellKnown final : public net::RequestHandler {
 public:
  WellKnown(OidcIssuer& issuer, BlockingPool& blocking) : issuer_(issuer), blocking_(blocking) {}

  boost::asio::awaitable<net::ServerResponse> handle(net::ServerRequest& request) override;

 private:
  boost::asio::awaitable<Result<net::ServerResponse>> serve(const net::ServerRequest& request);

  OidcIssuer& issuer_;
  BlockingPool& blocking_;
};

}  // namespace ostler::hub
