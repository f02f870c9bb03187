// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/paging.hpp"
#include "hub/rest_api/responses.hpp"
#include "wire/rest_cluster.hpp"
#include "wire/rest_cluster_requests.hpp"

namespace ostler::rest_api {
namespace {

/// A token that ends sooner was hardly meant.
constexpr std::chrono::minutes kShortestLife{10};

struct FoundToken {
  FoundCluster in;
  model::AgentToken token;
};

Lookup<FoundToken> find_token(const Backend& backend, const Call& call) {
  OSTLER_CO_TRY(FoundCluster in, co_await find_cluster(backend, call));
  OSTLER_CO_TRY(const auto tokens,
                co_await backend.store.agent_tokens(in.cluster.id, backend.clock.now()));
  for (const model::AgentToken& token : tokens) {
    if (token.id.str() == call.parameter("token")) co_return FoundToken{std::move(in), token};
  }
  co_return not_found();
}

}  // namespace

Answer list_agent_tokens(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto page, read_page(call.query, "tokens"));
  OSTLER_CO_TRY(const FoundCluster in, co_await find_cluster(backend, call));
  OSTLER_CO_TRY(const auto tokens,
                co_await backend.store.agent_tokens(in.cluster.id, backend.clock.now()));
  const auto urls = urls_of(backend, in.organization);
  std::vector<std::string> items;
  for (const model::AgentToken& token : tokens) {
    items.push_back(wire::encode_rest_agent_token(token, urls));
  }
  co_return list_part(call, items, page);
}

Answer get_agent_token(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundToken found, co_await find_token(backend, call));
  co_return json(
      200, wire::encode_rest_agent_token(found.token, urls_of(backend, found.in.organization)));
}

Answer create_agent_token(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundCluster in, co_await find_cluster(backend, call));
  OSTLER_CO_TRY(const auto decoded, wire::decode_rest_new_agent_token(call.body));
  if (!decoded.errors.empty()) co_return cluster_validation_failed(decoded.errors);
  const wire::RestAgentTokenRequest& asked = decoded.value;
  const Timestamp now = backend.clock.now();
  if (asked.expires_at && *asked.expires_at < now + kShortestLife) {
    co_return cluster_validation_failed({{"expires_at", "must be at least 10 minutes ahead"}});
  }
  store::CreateAgentToken command{.organization = in.organization.id,
                                  .cluster = in.cluster.id,
                                  .description = asked.description.value_or(""),
                                  .allowed_ip_addresses = asked.allowed_ip_addresses.value_or(""),
                                  .expires_at = asked.expires_at,
                                  .by = call.caller.user.id,
                                  .now = now};
  OSTLER_CO_TRY(const auto made, co_await backend.store.create_agent_token(std::move(command)));
  co_return json(201, wire::encode_rest_new_agent_token(made.token, made.text,
                                                        urls_of(backend, in.organization)));
}

Answer update_agent_token(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundToken found, co_await find_token(backend, call));
  OSTLER_CO_TRY(const auto decoded, wire::decode_rest_agent_token_change(call.body));
  if (!decoded.errors.empty()) co_return cluster_validation_failed(decoded.errors);
  store::UpdateAgentToken command{.cluster = found.in.cluster.id,
                                  .token = found.token.id,
                                  .description = decoded.value.description,
                                  .allowed_ip_addresses = decoded.value.allowed_ip_addresses,
                                  .now = backend.clock.now()};
  OSTLER_CO_TRY(const auto changed, co_await backend.store.update_agent_token(std::move(command)));
  co_return json(200,
                 wire::encode_rest_agent_token(changed, urls_of(backend, found.in.organization)));
}

Answer delete_agent_token(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundToken found, co_await find_token(backend, call));
  OSTLER_CO_TRY(co_await backend.store.delete_agent_token({found.in.cluster.id, found.token.id}));
  co_return net::ServerResponse{.status = 204};
}

}  // namespace ostler::rest_api
