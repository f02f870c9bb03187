// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "net/http_server.hpp"
#include "store/store.hpp"

namespace ostler::hub {

/// What the owner of the hub's directory may do without a token, at the unix socket in it:
/// `POST /api-tokens {"description": "...", "scopes": ["read_builds"], "expires_at": "..."}`
/// answers `{"token": "...", "organization": "<slug>", "url": "<public URL>"}`; without scopes the
/// token has every one. `GET /api-tokens` lists them, `DELETE /api-tokens/<id>` revokes one.
class LocalApi final : public net::RequestHandler {
 public:
  /// Store and clock outlive this.
  LocalApi(store::Store& store, const Clock& clock, std::string url)
      : store_(store), clock_(clock), url_(std::move(url)) {}

  boost::asio::awaitable<net::ServerResponse> handle(net::ServerRequest& request) override;

 private:
  using Answer = boost::asio::awaitable<Result<net::ServerResponse>>;
  Answer answer(net::ServerRequest& request);
  Answer create_api_token(net::ServerRequest& request);
  Answer list_api_tokens();
  Answer revoke_api_token(std::string_view id);
  boost::asio::awaitable<Result<model::Organization>> organization();

  store::Store& store_;
  const Clock& clock_;
  std::string url_;
};

}  // namespace ostler::hub
