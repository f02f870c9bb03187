// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/graphql_documents.hpp"
#include "hub/rest_api/repository_webhook.hpp"
#include "hub/rest_api/responses.hpp"

namespace ostler::rest_api {

using wire::GraphqlRequest;

/// Always refused, with what comes instead.
GraphqlData create_graphql_webhook(const Backend& backend, const Call& call,
                                   const GraphqlRequest& request) {
  OSTLER_CO_TRY(const auto organization, co_await find_organization(backend, call));
  const auto id = wire::uuid_of_graphql_id(request.variable("id"), "Pipeline");
  if (!id) co_return not_found("No pipeline found");
  const auto pipeline = co_await backend.store.pipeline({*id});
  if (!pipeline && pipeline.error().code() != Errc::NotFound) co_return pipeline.error();
  if (!pipeline || pipeline.value().organization != organization.id) {
    co_return not_found("No pipeline found");
  }
  co_return Error(Errc::UserFault, refusal_of_webhook(pipeline.value()));
}

/// A hub has no teams: everybody with a token may do what that allows with every pipeline.
GraphqlData list_graphql_teams(const Backend& backend, const Call& call,
                               const GraphqlRequest& request) {
  const auto parts = graphql_slug_parts(request.variable("slug"));
  if (parts.size() != 2) co_return graphql_field("pipeline", "null");
  Call of_pipeline = call;
  of_pipeline.parameters = {{"org", parts[0]}, {"pipeline", parts[1]}};
  const auto found = co_await find_pipeline(backend, of_pipeline);
  if (!found && found.error().code() != Errc::NotFound) co_return found.error();
  co_return graphql_field("pipeline",
                          found ? graphql_field("teams", graphql_connection({})) : "null");
}

}  // namespace ostler::rest_api
