// SPDX-License-Identifier: Apache-2.0
#include "hub/local_api.hpp"

#include <utility>

#include "hub/error_response.hpp"
#include "hub/rest_api/routes.hpp"
#include "wire/agent_api.hpp"
#include "wire/local_api.hpp"

namespace ostler::hub {
namespace {

constexpr std::size_t kLargestRequest = 4u << 10;

}  // namespace

boost::asio::awaitable<net::ServerResponse> LocalApi::handle(net::ServerRequest& request) {
  if (request.method != "POST" || request.target != wire::kApiTokensPath) {
    co_return net::json_response(404, wire::encode_message("nothing is here"));
  }
  auto answer = co_await create_api_token(request);
  if (!answer) co_return error_response(request, answer.error());
  co_return std::move(answer).value();
}

boost::asio::awaitable<Result<net::ServerResponse>> LocalApi::create_api_token(
    net::ServerRequest& request) {
  OSTLER_CO_TRY(const auto body, co_await net::read_whole(*request.body, kLargestRequest));
  OSTLER_CO_TRY(auto description, wire::decode_new_api_token(body));
  OSTLER_CO_TRY(const auto organizations, co_await store_.organizations());
  if (organizations.empty()) co_return Error(Errc::Unavailable, "the hub is still starting");
  const auto& organization = organizations.front();
  OSTLER_CO_TRY(auto token,
                co_await store_.create_api_token({.organization = organization.id,
                                                  .description = std::move(description),
                                                  .scopes = rest_api::grantable_scopes(),
                                                  .now = clock_.now()}));
  co_return net::json_response(
      201, wire::encode(wire::HubAccess{url_, organization.slug, std::move(token)}));
}

}  // namespace ostler::hub
