// SPDX-License-Identifier: Apache-2.0
#include "hub/web/fleet_facts.hpp"

#include <algorithm>
#include <utility>

#include "base/joined.hpp"
#include "wire/rest_agent.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::hub {
namespace {

namespace asio = boost::asio;

using Facts = asio::awaitable<Result<FactsPage>>;

constexpr std::string_view kReadAgents = "read_agents";
constexpr std::string_view kReadClusters = "read_clusters";

Error nothing_there() { return Error(Errc::NotFound, "no such page"); }

void add_fact(FactsPage& page, std::string name, std::string value, std::string url = "") {
  if (!value.empty()) page.facts.push_back({std::move(name), std::move(value), std::move(url)});
}

std::string text_of(const std::optional<Timestamp>& at) { return at ? format_rfc3339(*at, 0) : ""; }

/// What a list of the store has with this id; none: it has none.
template <class T>
const T* find_in(const std::vector<T>& all, const std::string& id) {
  const auto found = std::ranges::find_if(all, [&](const T& one) { return one.id.str() == id; });
  return found == all.end() ? nullptr : &*found;
}

Facts agent_facts(store::Store& store, const Viewer& viewer, std::string text) {
  const auto id = AgentId::parse(text);
  if (!id || !viewer.may(kReadAgents)) co_return nothing_there();
  OSTLER_CO_TRY(const auto agent, co_await store.agent(*id));
  OSTLER_CO_TRY(const auto queues, co_await store.queues(viewer.holder.organization));
  const model::Queue* const queue = find_in(queues, agent.queue.str());
  if (queue == nullptr) co_return nothing_there();
  const wire::RestUrls urls(viewer.public_url, viewer.organization);
  const model::AgentDescription& said = agent.description;
  FactsPage page{.kind = "Agent", .title = said.name};
  add_fact(page, "state", std::string(wire::rest_connection_state(agent)));
  add_fact(page, "host", said.hostname);
  add_fact(page, "version", said.version);
  add_fact(page, "tags", joined(said.tags, ", "));
  add_fact(page, "cluster", queue->cluster_name, urls.web_cluster(queue->cluster));
  add_fact(page, "queue", queue->key, urls.web_queue(queue->cluster, queue->id));
  add_fact(page, "paused", agent.pause ? "since " + text_of(agent.pause->since) : "");
  add_fact(page, "connected", text_of(agent.connected_at));
  add_fact(page, "last heard", text_of(agent.heartbeat_at));
  add_fact(page, "disconnected", text_of(agent.disconnected_at));
  co_return page;
}

Facts cluster_facts(store::Store& store, const Viewer& viewer, std::string id) {
  if (!viewer.may(kReadClusters)) co_return nothing_there();
  OSTLER_CO_TRY(const auto clusters, co_await store.clusters(viewer.holder.organization));
  OSTLER_CO_TRY(const auto queues, co_await store.queues(viewer.holder.organization));
  const model::Cluster* const cluster = find_in(clusters, id);
  if (cluster == nullptr) co_return nothing_there();
  const wire::RestUrls urls(viewer.public_url, viewer.organization);
  FactsPage page{.kind = "Cluster", .title = cluster->name};
  add_fact(page, "description", cluster->description);
  add_fact(page, "made", text_of(cluster->created_at));
  for (const model::Queue& queue : queues) {
    if (queue.cluster != cluster->id) continue;
    add_fact(page, queue.is_default ? "default queue" : "queue", queue.key,
             urls.web_queue(cluster->id, queue.id));
  }
  co_return page;
}

Facts queue_facts(store::Store& store, const Viewer& viewer, std::string cluster, std::string id) {
  if (!viewer.may(kReadClusters)) co_return nothing_there();
  OSTLER_CO_TRY(const auto queues, co_await store.queues(viewer.holder.organization));
  const model::Queue* const queue = find_in(queues, id);
  if (queue == nullptr || queue->cluster.str() != cluster) co_return nothing_there();
  const wire::RestUrls urls(viewer.public_url, viewer.organization);
  FactsPage page{.kind = "Queue", .title = queue->key};
  add_fact(page, "cluster", queue->cluster_name, urls.web_cluster(queue->cluster));
  add_fact(page, "description", queue->description);
  if (queue->pause) {
    add_fact(page, "paused", "since " + text_of(queue->pause->since));
    add_fact(page, "why", queue->pause->note);
  }
  add_fact(page, "made", text_of(queue->created_at));
  co_return page;
}

}  // namespace

bool is_fleet_path(const std::vector<std::string>& segments) {
  if (segments.size() == 2) return segments[0] == "agents" || segments[0] == "clusters";
  return segments.size() == 4 && segments[0] == "clusters" && segments[2] == "queues";
}

asio::awaitable<Result<FactsPage>> fleet_facts(store::Store& store, const Viewer& viewer,
                                               std::vector<std::string> segments) {
  if (segments[0] == "agents") co_return co_await agent_facts(store, viewer, segments[1]);
  if (segments.size() == 2) co_return co_await cluster_facts(store, viewer, segments[1]);
  co_return co_await queue_facts(store, viewer, segments[1], segments[3]);
}

}  // namespace ostler::hub
