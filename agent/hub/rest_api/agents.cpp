// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "hub/rest_api/build_json.hpp"
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/paging.hpp"
#include "hub/rest_api/responses.hpp"
#include "wire/agent_api.hpp"
#include "wire/rest_agent.hpp"

namespace ostler::rest_api {
namespace {

constexpr std::string_view kNoAgent = "No agent found";

struct FoundAgent {
  model::Organization organization;
  model::Agent agent;
};

/// An agent in any state. One of another organization is not there.
Lookup<FoundAgent> find_agent(const Backend& backend, const Call& call) {
  OSTLER_CO_TRY(model::Organization organization, co_await find_organization(backend, call));
  const auto id = AgentId::parse(call.parameter("agent"));
  if (!id) co_return not_found(kNoAgent);
  auto agent = co_await backend.store.agent(*id);
  if (!agent && agent.error().code() == Errc::NotFound) co_return not_found(kNoAgent);
  if (!agent) co_return std::move(agent).error();
  OSTLER_CO_TRY(const auto clusters, co_await backend.store.clusters(organization.id));
  for (const model::Cluster& cluster : clusters) {
    if (cluster.id != agent.value().cluster) continue;
    co_return FoundAgent{std::move(organization), std::move(agent).value()};
  }
  co_return not_found(kNoAgent);
}

using QueueKeys = std::map<QueueId, std::string>;

Lookup<QueueKeys> queue_keys(const Backend& backend, OrganizationId organization) {
  OSTLER_CO_TRY(const auto queues, co_await backend.store.queues(organization));
  QueueKeys keys;
  for (const model::Queue& queue : queues) keys.emplace(queue.id, queue.key);
  co_return keys;
}

/// The agent with the job that it holds. A job that is gone meanwhile is none.
Lookup<std::string> agent_json(const Backend& backend, const model::Organization& organization,
                               const QueueKeys& keys, const model::Agent& agent) {
  const auto key = keys.find(agent.queue);
  wire::RestAgentParts parts{.queue = key == keys.end() ? "" : key->second, .job = {}};
  if (agent.job) {
    auto job = co_await held_job_json(backend, organization, agent);
    if (!job && job.error().code() != Errc::NotFound) co_return std::move(job).error();
    if (job) parts.job = std::move(job).value();
  }
  co_return wire::encode_rest_agent(agent, urls_of(backend, organization), parts);
}

Result<std::optional<QueueId>> read_queue(const Query& query) {
  const auto text = query.value("cluster_queue_id");
  if (!text) return std::optional<QueueId>();
  const auto id = QueueId::parse(*text);
  if (!id) return bad_request("cluster_queue_id is not the UUID of a queue");
  return id;
}

bool is_connected(const model::Agent& agent) { return agent.state == model::AgentState::Connected; }

/// 204, or what the agent's state does not allow.
Result<net::ServerResponse> done(const Backend& backend, const Result<store::FollowUps>& outcome,
                                 int status, std::string_view refusal) {
  if (!outcome && outcome.error().code() == Errc::Conflict) return message(status, refusal);
  if (!outcome) return outcome.error();
  backend.listener.changed(outcome.value());
  return net::ServerResponse{.status = 204};
}

}  // namespace

Answer list_agents(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto page, read_page(call.query, "agents"));
  OSTLER_CO_TRY(const auto queue, read_queue(call.query));
  OSTLER_CO_TRY(const model::Organization organization, co_await find_organization(backend, call));
  store::AgentFilter filter{.organization = organization.id,
                            .name = call.query.value("name").value_or(""),
                            .hostname = call.query.value("hostname").value_or(""),
                            .version = call.query.value("version").value_or(""),
                            .queue = queue};
  OSTLER_CO_TRY(const auto found, co_await backend.store.agents(std::move(filter), page));
  OSTLER_CO_TRY(const auto keys, co_await queue_keys(backend, organization.id));
  std::vector<std::string> items;
  for (const model::Agent& agent : found.items) {
    OSTLER_CO_TRY(std::string item, co_await agent_json(backend, organization, keys, agent));
    items.push_back(std::move(item));
  }
  co_return list(call, items, page, found.has_next);
}

Answer get_agent(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundAgent found, co_await find_agent(backend, call));
  OSTLER_CO_TRY(const auto keys, co_await queue_keys(backend, found.organization.id));
  OSTLER_CO_TRY(std::string body,
                co_await agent_json(backend, found.organization, keys, found.agent));
  co_return json(200, std::move(body));
}

Answer stop_agent(const Backend& backend, Call call) {
  constexpr std::string_view kRefusal = "Can only stop connected agents";
  OSTLER_CO_TRY(const FoundAgent found, co_await find_agent(backend, call));
  OSTLER_CO_TRY(const auto decoded, wire::decode_rest_agent_stop(call.body));
  if (!decoded.errors.empty()) co_return validation_failed(decoded.errors);
  if (!is_connected(found.agent)) co_return message(400, kRefusal);
  const store::StopAgent command{
      .agent = found.agent.id, .force = decoded.value, .now = backend.clock.now()};
  co_return done(backend, co_await backend.store.stop_agent(command), 400, kRefusal);
}

Answer pause_agent(const Backend& backend, Call call) {
  constexpr std::string_view kRefusal = "Only connected agents may be paused";
  OSTLER_CO_TRY(const FoundAgent found, co_await find_agent(backend, call));
  wire::PauseRequest request;
  if (!call.body.empty()) {
    OSTLER_CO_TRY(request, wire::decode_pause_request(call.body));
  }
  if (!is_connected(found.agent)) co_return message(422, kRefusal);
  if (found.agent.pause) co_return message(422, "Agent is already paused");
  store::PauseAgent command{
      .agent = found.agent.id, .note = std::move(request.note), .now = backend.clock.now()};
  if (request.timeout_in_minutes > 0) {
    command.duration = std::chrono::minutes(request.timeout_in_minutes);
  }
  co_return done(backend, co_await backend.store.pause_agent(std::move(command)), 422, kRefusal);
}

Answer resume_agent(const Backend& backend, Call call) {
  constexpr std::string_view kRefusal = "Agent is not paused";
  OSTLER_CO_TRY(const FoundAgent found, co_await find_agent(backend, call));
  if (!found.agent.pause) co_return message(422, kRefusal);
  const store::AgentSignal command{found.agent.id, backend.clock.now()};
  co_return done(backend, co_await backend.store.resume_agent(command), 422, kRefusal);
}

}  // namespace ostler::rest_api
