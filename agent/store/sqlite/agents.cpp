// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "store/sqlite/commands.hpp"
#include "store/sqlite/durations.hpp"
#include "store/sqlite/paging.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/sessions.hpp"
#include "store/sqlite/tokens.hpp"

namespace ostler::store::sqlite {
namespace {

using model::AgentEvent;
using model::AgentState;

constexpr std::string_view kInsert =
    "INSERT INTO agents (id, cluster_id, queue_id, state, name, hostname, os, arch, version, "
    "build, user_agent, ip_address, machine_id, tags, features, priority, pid, "
    "ignore_in_dispatches, lease_seconds, lease_until, created_at, instance) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
/// Of an agent that is connected already. It names no column that lists of agents are indexed by,
/// so that the many signs of life cost no write of theirs.
constexpr std::string_view kSignOfLife =
    "UPDATE agents SET heartbeat_at = ?1, lost_due = ?2, lease_until = ?3 WHERE id = ?4";
constexpr std::string_view kConnect =
    "UPDATE agents SET state = ?1, heartbeat_at = ?2, lost_due = ?3, lease_until = ?4, "
    "lost_at = NULL, disconnected_at = NULL, connected_at = coalesce(connected_at, ?2) "
    "WHERE id = ?5";
constexpr std::string_view kGone =
    "UPDATE agents SET state = ?, disconnected_at = ?, lost_due = NULL WHERE id = ?";
constexpr std::string_view kForgetUnused =
    "DELETE FROM agents WHERE id = ?1 AND state <> ?2 "
    "AND NOT EXISTS (SELECT 1 FROM tokens WHERE agent_id = ?1) "
    "AND NOT EXISTS (SELECT 1 FROM jobs WHERE agent_id = ?1)";

Result<void> insert(Connection& database, const model::Agent& agent, const std::string& instance) {
  const model::AgentDescription& about = agent.description;
  OSTLER_TRY(database.run(kInsert, agent.id, agent.cluster, agent.queue, agent.state, about.name,
                          about.hostname, about.os, about.arch, about.version, about.build,
                          about.user_agent, about.ip_address, about.machine_id, about.tags,
                          about.features, about.priority, about.pid, about.ignore_in_dispatches,
                          agent.lease, agent.lease_until, agent.created_at, instance));
  return success();
}

Result<void> keep_alive(Connection& database, const model::Agent& agent, Timestamp now) {
  if (agent.state == AgentState::Connected) {
    OSTLER_TRY(database.run(kSignOfLife, now, now + kAgentSilence, now + agent.lease, agent.id));
    return success();
  }
  OSTLER_TRY(database.run(kConnect, AgentState::Connected, now, now + kAgentSilence,
                          now + agent.lease, agent.id));
  return expire_session(database, agent.id, std::nullopt);
}

Result<void> let_go(Connection& database, AgentId agent, Timestamp now) {
  OSTLER_TRY(database.run(kGone, AgentState::Disconnected, now, agent));
  return expire_session(database, agent, now + kTokenAfterlife);
}

}  // namespace

Result<void> expire_session(Connection& database, AgentId agent, std::optional<Timestamp> at) {
  OSTLER_TRY(database.run("UPDATE tokens SET expires_at = ? WHERE agent_id = ? AND kind = ?", at,
                          agent, TokenKind::Session));
  return success();
}

Result<void> forget_unused_agent(Connection& database, AgentId agent) {
  OSTLER_TRY(database.run(kForgetUnused, agent, AgentState::Connected));
  return success();
}

Result<RegisteredAgent> register_agent(Connection& database, const RegisterAgent& command) {
  model::Agent agent;
  agent.id = AgentId::make();
  agent.cluster = command.holder.cluster;
  OSTLER_TRY(const auto queue, choose_queue(database, agent.cluster, command.description.tags));
  agent.queue = queue.id;
  agent.description = command.description;
  agent.lease = command.lease;
  if (queue.lease && command.takes_lease_of_queue) agent.lease = *queue.lease;
  agent.lease_until = command.now + agent.lease;
  agent.created_at = command.now;
  OSTLER_TRY(insert(database, agent, command.instance));
  Secret token = make_token(TokenKind::Session);
  OSTLER_TRY(store_token(
      database, token, {.kind = TokenKind::Session, .agent = agent.id, .created_at = command.now}));
  OSTLER_TRY(expire_session(database, agent.id, command.now + kTokenAfterlife));
  return RegisteredAgent{.agent = std::move(agent), .session_token = std::move(token)};
}

Result<model::Agent> signal_agent(Connection& database, const AgentSignal& command,
                                  AgentEvent event) {
  OSTLER_TRY(const auto agent, load_agent(database, command.agent));
  OSTLER_TRY(const auto state, transition(agent.state, event));
  if (state == AgentState::Disconnected) {
    OSTLER_TRY(let_go(database, agent.id, command.now));
  } else {
    OSTLER_TRY(keep_alive(database, agent, command.now));
  }
  return load_agent(database, command.agent);
}

Result<model::Agent> load_agent(Connection& database, AgentId id) {
  return require(database.find(sql(kSelectAgent, "WHERE id = ?"), read_agent, id), "agent");
}

Result<std::vector<model::Agent>> load_agents(Connection& database, std::vector<AgentId> ids) {
  std::ranges::sort(ids);
  const auto repeated = std::ranges::unique(ids);
  ids.erase(repeated.begin(), repeated.end());
  std::vector<model::Agent> agents;
  for (const AgentId id : ids) {
    OSTLER_TRY(auto agent, database.find(sql(kSelectAgent, "WHERE id = ?"), read_agent, id));
    if (agent) agents.push_back(std::move(*agent));
  }
  return agents;
}

}  // namespace ostler::store::sqlite
