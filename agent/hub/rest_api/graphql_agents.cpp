// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "hub/rest_api/graphql_documents.hpp"
#include "wire/rest_agent.hpp"
#include "wire/rest_json.hpp"

namespace ostler::rest_api {
namespace {

using wire::GraphqlRequest;
using wire::JsonObjectText;

/// Which page of the list the client wants: a cursor is the number of the page before.
std::int64_t page_after(const std::string& cursor) {
  std::int64_t before = 0;
  std::from_chars(cursor.data(), cursor.data() + cursor.size(), before);
  return std::clamp<std::int64_t>(before, 0, store::kDeepestRow) + 1;
}

/// A filter that is true, false or not there.
std::optional<bool> read_choice(const GraphqlRequest& request, const std::string& filter) {
  if (!request.has(filter)) return std::nullopt;
  return request.variable(filter) == "true";
}

std::string queue_of(const model::Agent& agent, const std::map<QueueId, std::string>& keys) {
  const auto key = keys.find(agent.queue);
  if (key == keys.end()) return "null";
  return JsonObjectText()
      .text("id", wire::graphql_id("ClusterQueue", agent.queue.uuid))
      .text("key", key->second)
      .finish();
}

std::string graphql_agent(const model::Agent& agent, const std::map<QueueId, std::string>& keys) {
  const model::AgentDescription& description = agent.description;
  const auto& pause = agent.pause;
  return JsonObjectText()
      .text("id", wire::graphql_id("Agent", agent.id.uuid))
      .text("name", description.name)
      .text("hostname", description.hostname)
      .text("version", description.version)
      .text("connectionState", wire::rest_connection_state(agent))
      .texts("metaData", description.tags)
      .time("createdAt", agent.created_at)
      .text("ipAddress", description.ip_address)
      .text("userAgent", description.user_agent)
      .flag("isRunningJob", agent.job.has_value())
      .flag("paused", pause.has_value())
      .time("pausedAt", pause ? std::optional(pause->since) : std::nullopt)
      .null("pausedBy")
      .text_or_null("pausedNote", pause ? pause->note : "")
      .number("pausedTimeoutInMinutes", pause ? wire::rest_pause_minutes(*pause) : std::nullopt)
      .raw("clusterQueue", queue_of(agent, keys))
      .finish();
}

}  // namespace

GraphqlData list_graphql_agents(const Backend& backend, const Call& call,
                                const GraphqlRequest& request) {
  OSTLER_CO_TRY(const auto organization,
                co_await organization_named(backend, call, request.variable("orgSlug")));
  if (!organization) co_return graphql_field("organization", "null");
  const std::int64_t page = page_after(request.variable("after"));
  store::AgentFilter filter{.organization = organization->id,
                            .has_job = read_choice(request, "isRunningJob"),
                            .is_paused = read_choice(request, "paused")};
  OSTLER_CO_TRY(const auto found,
                co_await backend.store.agents(
                    std::move(filter), store::PageRequest{page, graphql_page_size(request)}));
  OSTLER_CO_TRY(const auto queues, co_await backend.store.queues(organization->id));
  std::map<QueueId, std::string> keys;
  for (const model::Queue& queue : queues) keys.emplace(queue.id, queue.key);
  std::vector<std::string> nodes;
  for (const model::Agent& agent : found.items) nodes.push_back(graphql_agent(agent, keys));
  const auto next = found.has_next ? std::optional(std::to_string(page)) : std::nullopt;
  co_return graphql_field("organization", graphql_field("agents", graphql_connection(nodes, next)));
}

}  // namespace ostler::rest_api
