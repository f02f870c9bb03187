// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "net/http_server.hpp"
#include "store/store.hpp"

namespace ostler::hub {

/// What the owner of the hub's directory may do without a token, at the unix socket in it:
/// `POST /api-tokens {"description": "..."}` answers `{"token": "...", "organization": "<slug>",
/// "url": "<public URL>"}`. The token has every scope.
class LocalApi final : public net::RequestHandler {
 public:
  /// Store and clock outlive this.
  LocalApi(store::Store& store, const Clock& clock, std::string url)
      : store_(store), clock_(clock), url_(std::move(url)) {}

  boost::asio::awaitable<net::ServerResponse> handle(net::ServerRequest& request) override;

 private:
  boost::asio::awaitable<Result<net::ServerResponse>> create_api_token(net::ServerRequest& request);

  store::Store& store_;
  const Clock& clock_;
  std::string url_;
};

}  // namespace ostler::hub
