// SPDX-License-Identifier: Apache-2.0
#include "hub/agent_api/handlers.hpp"
#include "wire/agent_api_metrics.hpp"
#include "wire/agent_api_token.hpp"

namespace ostler::agent_api {
namespace {

using boost::asio::awaitable;

/// How often a collector is to ask, in seconds.
constexpr const char* kPollDuration = "10";

awaitable<Result<std::string>> slug_of(const Backend& backend, OrganizationId id) {
  OSTLER_CO_TRY(const auto organizations, co_await backend.store.organizations());
  for (const auto& organization : organizations) {
    if (organization.id == id) co_return organization.slug;
  }
  co_return Error(Errc::NotFound, "no such organization");
}

awaitable<Result<std::string>> name_of(const Backend& backend,
                                       const store::AgentTokenHolder& holder) {
  OSTLER_CO_TRY(const auto clusters, co_await backend.store.clusters(holder.organization));
  for (const auto& cluster : clusters) {
    if (cluster.id == holder.cluster) co_return cluster.name;
  }
  co_return Error(Errc::NotFound, "no such cluster");
}

awaitable<Result<wire::AgentMetrics>> metrics_of(const Backend& backend,
                                                 const store::AgentTokenHolder& holder) {
  wire::AgentMetrics metrics;
  OSTLER_CO_TRY(metrics.organization, co_await slug_of(backend, holder.organization));
  OSTLER_CO_TRY(metrics.cluster, co_await name_of(backend, holder));
  OSTLER_CO_TRY(const auto levels, co_await backend.store.queue_levels(holder.cluster));
  for (const auto& queue : levels) {
    metrics.queues[queue.key] = {.idle_agents = queue.idle_agents,
                                 .busy_agents = queue.busy_agents,
                                 .scheduled = queue.scheduled,
                                 .running = queue.running,
                                 .waiting = queue.waiting};
  }
  co_return metrics;
}

net::ServerResponse polled(std::string json) {
  auto response = ok(std::move(json));
  response.headers.emplace_back("Buildkite-Agent-Metrics-Poll-Duration", kPollDuration);
  return response;
}

}  // namespace

Answer describe_token(const Backend& backend, Call call) {
  const store::AgentTokenHolder& holder = *call.registration;
  wire::TokenIdentity token{.uuid = holder.token.str(),
                            .description = holder.description,
                            .token_type = "cluster",
                            .organization_slug = {},
                            .organization_uuid = holder.organization.str(),
                            .cluster_uuid = holder.cluster.str(),
                            .cluster_name = {},
                            .organization_queue_uuid = {},
                            .organization_queue_key = {}};
  OSTLER_CO_TRY(token.organization_slug, co_await slug_of(backend, holder.organization));
  OSTLER_CO_TRY(token.cluster_name, co_await name_of(backend, holder));
  co_return ok(wire::encode(token));
}

Answer queues_metrics(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto metrics, co_await metrics_of(backend, *call.registration));
  co_return polled(wire::encode(metrics));
}

Answer queue_metrics(const Backend& backend, Call call) {
  const std::string name = call.request.parameter("name").value_or("");
  if (name.empty()) co_return Error(Errc::UserFault, "name the queue: ?name=QUEUE");
  OSTLER_CO_TRY(const auto metrics, co_await metrics_of(backend, *call.registration));
  const auto queue = metrics.queues.find(name);
  if (queue == metrics.queues.end()) {
    co_return Error(Errc::NotFound, "the cluster has no queue " + name);
  }
  co_return polled(wire::encode_queue_metrics(metrics, queue->second));
}

}  // namespace ostler::agent_api
