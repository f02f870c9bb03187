// SPDX-License-Identifier: Apache-2.0
#include "hub/local_api.hpp"

#include <algorithm>
#include <utility>

#include "base/joined.hpp"
#include "base/nearest_word.hpp"
#include "hub/error_response.hpp"
#include "hub/rest_api/routes.hpp"
#include "wire/agent_api.hpp"
#include "wire/local_api.hpp"

namespace ostler::hub {
namespace {

constexpr std::size_t kLargestRequest = 16u << 10;

/// Errors: UserFault, naming the first that is not one.
Result<std::vector<std::string>> checked_scopes(std::vector<std::string> wanted) {
  const auto known = rest_api::grantable_scopes();
  if (wanted.empty()) return known;
  std::ranges::sort(wanted);
  const auto [first, last] = std::ranges::unique(wanted);
  wanted.erase(first, last);
  for (const std::string& scope : wanted) {
    if (std::ranges::find(known, scope) != known.end()) continue;
    const std::vector<std::string_view> names(known.begin(), known.end());
    const std::string_view near = nearest_word(scope, names);
    const std::string advice = near.empty() ? "; say some of " + joined(known, ", ")
                                            : "; did you mean " + std::string(near) + "?";
    return Error(Errc::UserFault, "there is no scope " + scope + advice);
  }
  return wanted;
}

}  // namespace

boost::asio::awaitable<net::ServerResponse> LocalApi::handle(net::ServerRequest& request) {
  auto made = co_await answer(request);
  if (!made) co_return error_response(request, made.error());
  co_return std::move(made).value();
}

LocalApi::Answer LocalApi::answer(net::ServerRequest& request) {
  const std::string_view target = request.target;
  const std::string_view rest =
      target.starts_with(wire::kApiTokensPath) ? target.substr(wire::kApiTokensPath.size()) : "-";
  if (rest.empty() && request.method == "POST") co_return co_await create_api_token(request);
  if (rest.empty() && request.method == "GET") co_return co_await list_api_tokens();
  if (rest.starts_with('/') && request.method == "DELETE") {
    co_return co_await revoke_api_token(rest.substr(1));
  }
  co_return Error(Errc::NotFound, "nothing is here");
}

boost::asio::awaitable<Result<model::Organization>> LocalApi::organization() {
  OSTLER_CO_TRY(auto organizations, co_await store_.organizations());
  if (organizations.empty()) co_return Error(Errc::Unavailable, "the hub is still starting");
  co_return std::move(organizations.front());
}

LocalApi::Answer LocalApi::create_api_token(net::ServerRequest& request) {
  OSTLER_CO_TRY(const auto body, co_await net::read_whole(*request.body, kLargestRequest));
  OSTLER_CO_TRY(auto asked, wire::decode_new_api_token(body));
  OSTLER_CO_TRY(auto scopes, checked_scopes(std::move(asked.scopes)));
  OSTLER_CO_TRY(const auto owner, co_await organization());
  OSTLER_CO_TRY(auto token,
                co_await store_.create_api_token({.organization = owner.id,
                                                  .description = std::move(asked.description),
                                                  .scopes = std::move(scopes),
                                                  .expires_at = asked.expires_at,
                                                  .now = clock_.now()}));
  co_return net::json_response(201,
                               wire::encode(wire::HubAccess{url_, owner.slug, std::move(token)}));
}

LocalApi::Answer LocalApi::list_api_tokens() {
  OSTLER_CO_TRY(const auto owner, co_await organization());
  OSTLER_CO_TRY(auto tokens, co_await store_.api_tokens(owner.id, clock_.now()));
  std::vector<wire::ApiTokenLine> lines;
  for (store::ApiToken& token : tokens) {
    lines.push_back({token.id.str(), std::move(token.description), std::move(token.scopes),
                     token.created_at, token.expires_at});
  }
  co_return net::json_response(200, wire::encode(lines));
}

LocalApi::Answer LocalApi::revoke_api_token(std::string_view id) {
  const auto token = TokenId::parse(id);
  if (!token) co_return Error(Errc::NotFound, "no such token");
  OSTLER_CO_TRY(co_await store_.delete_api_token({*token}));
  co_return net::ServerResponse{.status = 204};
}

}  // namespace ostler::hub
