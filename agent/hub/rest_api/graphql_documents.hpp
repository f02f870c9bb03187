// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/rest_api/lookup.hpp"
#include "wire/graphql.hpp"

// What GraphQL documents are answered with.
namespace ostler::rest_api {

/// The `data` of an answer, as JSON. Errors: those whose text the client is shown.
using GraphqlData = Lookup<std::string>;

/// The caller's organization, when `slug` names it.
Lookup<std::optional<model::Organization>> organization_named(const Backend& backend,
                                                              const Call& call, std::string slug);

/// {"field": value}
std::string graphql_field(std::string_view field, std::string_view value);
/// Nodes, and where the page behind them begins; none: they are the last.
std::string graphql_connection(const std::vector<std::string>& nodes,
                               const std::optional<std::string>& next = std::nullopt);

/// How many nodes a document wants at most.
std::int64_t graphql_page_size(const wire::GraphqlRequest& request);

/// "organization/pipeline/number" in parts; at least one.
std::vector<std::string> graphql_slug_parts(const std::string& slug);

// graphql_builds.cpp
GraphqlData graphql_build_by_uuid(const Backend& backend, const Call& call,
                                  const wire::GraphqlRequest& request);
GraphqlData graphql_build_by_slug(const Backend& backend, const Call& call,
                                  const wire::GraphqlRequest& request);

// graphql_cancel.cpp
GraphqlData cancel_graphql_job_by_id(const Backend& backend, const Call& call,
                                     const wire::GraphqlRequest& request);
GraphqlData cancel_graphql_job_by_input(const Backend& backend, const Call& call,
                                        const wire::GraphqlRequest& request);

// graphql_people.cpp
/// The member of an organization who has an email address.
GraphqlData find_graphql_user(const Backend& backend, const Call& call,
                              const wire::GraphqlRequest& request);
GraphqlData invite_graphql_users(const Backend& backend, const Call& call,
                                 const wire::GraphqlRequest& request);

// graphql_pipelines.cpp
GraphqlData create_graphql_webhook(const Backend& backend, const Call& call,
                                   const wire::GraphqlRequest& request);
GraphqlData list_graphql_teams(const Backend& backend, const Call& call,
                               const wire::GraphqlRequest& request);

// graphql_jobs.cpp
/// Jobs of agents in all builds, by queue, state and agent query rules; the newest first.
GraphqlData list_graphql_jobs(const Backend& backend, const Call& call,
                              const wire::GraphqlRequest& request);

// graphql_agents.cpp
/// Connected agents, the newest first.
GraphqlData list_graphql_agents(const Backend& backend, const Call& call,
                                const wire::GraphqlRequest& request);

}  // namespace ostler::rest_api
