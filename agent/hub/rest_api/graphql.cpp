// SPDX-License-Identifier: Apache-2.0
// GraphQL as far as command lines need it: not the language, but the documents that they send.
// Source: rest-api, 19.
#include "wire/graphql.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "hub/rest_api/document_handlers.hpp"
#include "hub/rest_api/graphql_documents.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/responses.hpp"
#include "wire/rest_json.hpp"

namespace ostler::rest_api {
namespace {

using wire::GraphqlRequest;
using wire::JsonObjectText;

using Data = GraphqlData;

Data organization_id(const Backend& backend, const Call& call, const GraphqlRequest& request) {
  OSTLER_CO_TRY(const auto found,
                co_await organization_named(backend, call, request.variable("slug")));
  if (!found) co_return graphql_field("organization", "null");
  const std::string object =
      JsonObjectText().text("id", wire::graphql_id("Organization", found->id.uuid)).finish();
  co_return graphql_field("organization", object);
}

Data find_clusters(const Backend& backend, const Call& call, const GraphqlRequest& request) {
  OSTLER_CO_TRY(const auto found,
                co_await organization_named(backend, call, request.variable("org")));
  if (!found) co_return graphql_field("organization", "null");
  OSTLER_CO_TRY(const auto clusters, co_await backend.store.clusters(found->id));
  std::vector<std::string> nodes;
  for (const model::Cluster& cluster : clusters) {
    nodes.push_back(JsonObjectText()
                        .text("id", wire::graphql_id("Cluster", cluster.id.uuid))
                        .text("name", cluster.name)
                        .finish());
  }
  co_return graphql_field("organization", graphql_field("clusters", graphql_connection(nodes)));
}

Data find_queues(const Backend& backend, const Call& call, const GraphqlRequest& request) {
  OSTLER_CO_TRY(const auto organization, co_await find_organization(backend, call));
  OSTLER_CO_TRY(const auto clusters, co_await backend.store.clusters(organization.id));
  OSTLER_CO_TRY(const auto queues, co_await backend.store.queues(organization.id));
  const auto wanted = wire::uuid_of_graphql_id(request.variable("clusterId"), "Cluster");
  for (const model::Cluster& cluster : clusters) {
    if (cluster.id.uuid != wanted) continue;
    std::vector<std::string> nodes;
    for (const model::Queue& queue : queues) {
      if (queue.cluster != cluster.id) continue;
      nodes.push_back(JsonObjectText()
                          .text("id", wire::graphql_id("ClusterQueue", queue.id.uuid))
                          .text("key", queue.key)
                          .finish());
    }
    co_return graphql_field("node", JsonObjectText()
                                        .text("__typename", "Cluster")
                                        .text("id", wire::graphql_id("Cluster", cluster.id.uuid))
                                        .text("name", cluster.name)
                                        .raw("queues", graphql_connection(nodes))
                                        .finish());
  }
  co_return graphql_field("node", "null");
}

struct Document {
  std::string_view text;   ///< without what means nothing
  std::string_view scope;  ///< that a token must have besides that of GraphQL; empty: none
  Data (*answer)(const Backend&, const Call&, const GraphqlRequest&);
};

constexpr std::array kDocuments = {
    Document{"query GetOrganizationID ( $ slug : ID ! ) { organization ( slug : $ slug ) { id } }",
             "", organization_id},
    Document{"query FindClusters ( $ org : ID ! $ cursor : String ) { organization ( slug : $ org "
             ") { clusters ( first : 100 after : $ cursor ) { edges { node { id name } } pageInfo "
             "{ hasNextPage endCursor } } } }",
             "read_clusters", find_clusters},
    Document{"query FindQueuesForCluster ( $ clusterId : ID ! $ cursor : String ) { node ( id : $ "
             "clusterId ) { ... on Cluster { id name queues ( first : 100 after : $ cursor ) { "
             "edges { node { id key } } pageInfo { hasNextPage endCursor } } } } }",
             "read_clusters", find_queues},
    Document{"mutation CancelJob ( $ jobId : ID ! ) { jobTypeCommandCancel ( input : { id : $ "
             "jobId } ) { clientMutationId jobTypeCommand { id uuid state url } } }",
             "write_builds", cancel_graphql_job_by_id},
    Document{"mutation ( $ i : JobTypeCommandCancelInput ! ) { jobTypeCommandCancel ( input : $ i "
             ") { jobTypeCommand { id state } } }",
             "write_builds", cancel_graphql_job_by_input},
    Document{"query ( $ u : ID ! ) { build ( uuid : $ u ) { uuid number state branch commit "
             "message url createdAt startedAt finishedAt pipeline { slug organization { slug } } "
             "} }",
             "read_builds", graphql_build_by_uuid},
    Document{"query ( $ slug : ID ! ) { build ( slug : $ slug ) { uuid number state branch commit "
             "message url createdAt startedAt finishedAt pipeline { slug organization { slug } } "
             "} }",
             "read_builds", graphql_build_by_slug},
    Document{"query FindUserByEmail ( $ organization : ID ! $ email : String ! ) { organization ( "
             "slug : $ organization ) { members ( first : 1 email : $ email ) { edges { node { "
             "user { id } } } } } }",
             "read_organizations", find_graphql_user},
    Document{"mutation InviteUser ( $ organization : ID ! $ emails : [ String ! ] ! ) { "
             "organizationInvitationCreate ( input : { organizationID : $ organization emails : $ "
             "emails } ) { clientMutationId } }",
             "write_organizations", invite_graphql_users},
    Document{"mutation PipelineCreateWebhook ( $ id : ID ! ) { pipelineCreateWebhook ( input : { "
             "id : $ id } ) { clientMutationId pipelineID } }",
             "write_pipelines", create_graphql_webhook},
    Document{"query PipelineTeams ( $ slug : ID ! $ after : String ) { pipeline ( slug : $ slug ) "
             "{ teams ( first : 100 after : $ after ) { edges { node { accessLevel team { uuid } } "
             "} pageInfo { hasNextPage endCursor } } } }",
             "read_pipelines", list_graphql_teams},
    Document{"query ListJobsByQueue ( $ org : ID ! $ clusterQueue : [ ID ! ] $ state : [ "
             "JobStates ! ] $ first : Int $ after : String ) { organization ( slug : $ org ) "
             "{ jobs ( clusterQueue : $ clusterQueue state : $ state first : $ first after : "
             "$ after ) { edges { node { ... on JobTypeCommand { id uuid command state "
             "exitStatus url startedAt finishedAt createdAt cluster { id name } clusterQueue "
             "{ id key } agent { id name hostname metaData } } } } pageInfo { endCursor "
             "hasNextPage } } } }",
             "read_builds", list_graphql_jobs},
    Document{"query ListJobsByQueue ( $ org : ID ! $ clusterQueue : [ ID ! ] $ first : Int $ "
             "after : String ) { organization ( slug : $ org ) { jobs ( clusterQueue : $ "
             "clusterQueue first : $ first after : $ after ) { edges { node { ... on "
             "JobTypeCommand { id uuid command state exitStatus url startedAt finishedAt "
             "createdAt cluster { id name } clusterQueue { id key } agent { id name hostname "
             "metaData } } } } pageInfo { endCursor hasNextPage } } } }",
             "read_builds", list_graphql_jobs},
    Document{"query ListJobsByState ( $ org : ID ! $ state : [ JobStates ! ] $ first : Int $ "
             "after : String ) { organization ( slug : $ org ) { jobs ( state : $ state first "
             ": $ first after : $ after ) { edges { node { ... on JobTypeCommand { id uuid "
             "label command state exitStatus url startedAt finishedAt createdAt cluster { id "
             "name } clusterQueue { id key } agent { id name hostname metaData } } } } "
             "pageInfo { endCursor hasNextPage } } } }",
             "read_builds", list_graphql_jobs},
    Document{"query ListJobsByAgentQueryRules ( $ org : ID ! $ agentQueryRules : [ String ! ] "
             "$ state : [ JobStates ! ] $ first : Int $ after : String ) { organization ( "
             "slug : $ org ) { jobs ( first : $ first after : $ after agentQueryRules : $ "
             "agentQueryRules state : $ state ) { edges { node { ... on JobTypeCommand { id "
             "uuid command state exitStatus url startedAt finishedAt createdAt agent { id "
             "name hostname metaData } } } } pageInfo { endCursor hasNextPage } } } }",
             "read_builds", list_graphql_jobs},
    Document{"query ListJobsByAgentQueryRules ( $ org : ID ! $ agentQueryRules : [ String ! ] "
             "$ first : Int $ after : String ) { organization ( slug : $ org ) { jobs ( first "
             ": $ first after : $ after agentQueryRules : $ agentQueryRules ) { edges { node "
             "{ ... on JobTypeCommand { id uuid command state exitStatus url startedAt "
             "finishedAt createdAt agent { id name hostname metaData } } } } pageInfo { "
             "endCursor hasNextPage } } } }",
             "read_builds", list_graphql_jobs},
    Document{"query ListAgents ( $ orgSlug : ID ! $ first : Int $ after : String $ "
             "isRunningJob : Boolean $ paused : Boolean ) { organization ( slug : $ orgSlug ) "
             "{ agents ( first : $ first after : $ after isRunningJob : $ isRunningJob paused "
             ": $ paused ) { edges { node { id name hostname version connectionState metaData "
             "createdAt ipAddress userAgent isRunningJob paused pausedAt pausedBy { name } "
             "pausedNote pausedTimeoutInMinutes clusterQueue { id key } } } pageInfo { "
             "hasNextPage endCursor } } } }",
             "read_agents", list_graphql_agents},
};

/// Whether an error is one of the call, for which GraphQL answers 200.
bool is_of_call(const Error& error) {
  return error.code() == Errc::NotFound || error.code() == Errc::Conflict ||
         error.code() == Errc::UserFault;
}

/// What the token may not ask; none: it may.
std::optional<std::string> fault_of_token(const Document& document, const Call& call) {
  const auto& scopes = call.caller.scopes;
  const bool may =
      document.scope.empty() || std::ranges::find(scopes, document.scope) != scopes.end();
  if (may) return std::nullopt;
  return "Forbidden: the token lacks the scope " + std::string(document.scope);
}

}  // namespace

Lookup<std::optional<model::Organization>> organization_named(const Backend& backend,
                                                              const Call& call, std::string slug) {
  OSTLER_CO_TRY(auto organization, co_await find_organization(backend, call));
  if (organization.slug != slug) co_return std::optional<model::Organization>();
  co_return std::optional(std::move(organization));
}

std::string graphql_field(std::string_view field, std::string_view value) {
  return JsonObjectText().raw(field, value).finish();
}

std::string graphql_connection(const std::vector<std::string>& nodes,
                               const std::optional<std::string>& next) {
  std::vector<std::string> edges;
  for (const std::string& node : nodes) edges.push_back(graphql_field("node", node));
  const std::string page_info = JsonObjectText()
                                    .flag("hasNextPage", next.has_value())
                                    .text_or_null("endCursor", next.value_or(""))
                                    .finish();
  return JsonObjectText().raw("edges", wire::json_array(edges)).raw("pageInfo", page_info).finish();
}

std::int64_t graphql_page_size(const GraphqlRequest& request) {
  constexpr std::int64_t kMost = 100;
  const std::string text = request.variable("first");
  std::int64_t wanted = kMost;
  std::from_chars(text.data(), text.data() + text.size(), wanted);
  return std::clamp<std::int64_t>(wanted, 1, kMost);
}

Answer graphql(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const GraphqlRequest request, wire::decode_graphql_request(call.body));
  const std::string text = wire::normalised_graphql(request.query);
  for (const Document& document : kDocuments) {
    if (document.text != text) continue;
    if (const auto fault = fault_of_token(document, call)) {
      co_return json(200, wire::encode_graphql_refusal("null", *fault));
    }
    const auto data = co_await document.answer(backend, call, request);
    if (data) co_return json(200, wire::encode_graphql_answer(data.value()));
    if (!is_of_call(data.error())) co_return data.error();
    co_return json(200, wire::encode_graphql_refusal("null", data.error().message()));
  }
  co_return json(200, wire::encode_graphql_refusal(
                          "null",
                          "This hub knows the GraphQL documents of the command lines that "
                          "it serves, and not this one; see the REST API"));
}

}  // namespace ostler::rest_api
