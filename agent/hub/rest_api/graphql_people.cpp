// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>

#include "hub/rest_api/graphql_documents.hpp"
#include "wire/rest_json.hpp"

namespace ostler::rest_api {
namespace {

using wire::GraphqlRequest;
using wire::JsonObjectText;

bool is_same_address(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, [](unsigned char a, unsigned char b) {
    return std::tolower(a) == std::tolower(b);
  });
}

}  // namespace

GraphqlData find_graphql_user(const Backend& backend, const Call& call,
                              const GraphqlRequest& request) {
  OSTLER_CO_TRY(const auto organization,
                co_await organization_named(backend, call, request.variable("organization")));
  if (!organization) co_return graphql_field("organization", "null");
  OSTLER_CO_TRY(const auto users, co_await backend.store.users(organization->id));
  const std::string email = request.variable("email");
  std::vector<std::string> nodes;
  for (const model::User& user : users) {
    if (!nodes.empty() || !is_same_address(user.email, email)) continue;
    const std::string found =
        JsonObjectText().text("id", wire::graphql_id("User", user.id.uuid)).finish();
    nodes.push_back(graphql_field("user", found));
  }
  co_return graphql_field("organization", graphql_field("members", graphql_connection(nodes)));
}

/// A hub's users come with its first start.
GraphqlData invite_graphql_users(const Backend&, const Call&, const GraphqlRequest&) {
  co_return Error(Errc::UserFault,
                  "This hub cannot invite anybody: it has no mail and does not administer users. "
                  "Nothing was sent. Make a token for each person: `ostler token create --api NAME "
                  "--scopes read_builds,write_builds`");
}

}  // namespace ostler::rest_api
