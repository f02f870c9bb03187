// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/paging.hpp"
#include "hub/rest_api/responses.hpp"
#include "wire/rest_account.hpp"

namespace ostler::rest_api {

Answer list_members(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto page, read_page(call.query, "members"));
  OSTLER_CO_TRY(const model::Organization organization, co_await find_organization(backend, call));
  OSTLER_CO_TRY(const auto users, co_await backend.store.users(organization.id));
  std::vector<std::string> items;
  for (const model::User& user : users) items.push_back(wire::encode_rest_member(user));
  co_return list_part(call, items, page);
}

Answer get_member(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const model::Organization organization, co_await find_organization(backend, call));
  OSTLER_CO_TRY(const auto users, co_await backend.store.users(organization.id));
  for (const model::User& user : users) {
    if (user.id.str() == call.parameter("member"))
      co_return json(200, wire::encode_rest_member(user));
  }
  co_return not_found();
}

}  // namespace ostler::rest_api
