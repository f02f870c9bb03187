// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/paging.hpp"
#include "hub/rest_api/responses.hpp"
#include "wire/rest_account.hpp"
#include "wire/rest_pipeline.hpp"

namespace ostler::rest_api {

Answer get_meta(const Backend&, Call) { co_return json(200, R"({"webhook_ips":[]})"); }

Answer get_access_token(const Backend&, Call call) {
  const store::ApiHolder& caller = call.caller;
  co_return json(200, wire::encode_rest_access_token({.id = caller.token,
                                                      .scopes = caller.scopes,
                                                      .description = caller.description,
                                                      .created_at = caller.created_at,
                                                      .expires_at = caller.expires_at,
                                                      .user = caller.user}));
}

Answer delete_access_token(const Backend& backend, Call call) {
  OSTLER_CO_TRY(co_await backend.store.delete_api_token({call.caller.token}));
  co_return net::ServerResponse{.status = 204};
}

Answer get_rate_limit(const Backend& backend, Call call) {
  OSTLER_CO_TRY(co_await find_organization(backend, call));
  const RateWindow& window = call.window;
  co_return json(200,
                 wire::encode_rest_rate_limit({.limit = window.limit,
                                               .current = window.used,
                                               .reset = window.reset.count(),
                                               .reset_at = backend.clock.now() + window.reset}));
}

Answer get_user(const Backend&, Call call) {
  co_return json(200, wire::encode_rest_user(call.caller.user));
}

Answer list_organizations(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto page, read_page(call.query, "organizations"));
  OSTLER_CO_TRY(const model::Organization organization, co_await find_organization(backend, call));
  std::vector<std::string> items;
  if (page.number == 1) {
    items.push_back(wire::encode_rest_organization(organization, urls_of(backend, organization)));
  }
  co_return list(call, items, page, false);
}

Answer get_organization(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const model::Organization organization, co_await find_organization(backend, call));
  co_return json(200, wire::encode_rest_organization(organization, urls_of(backend, organization)));
}

/// An organization of this hub has no emoji of its own.
Answer list_emojis(const Backend& backend, Call call) {
  OSTLER_CO_TRY(co_await find_organization(backend, call));
  co_return json(200, "[]");
}

}  // namespace ostler::rest_api
