// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/commands.hpp"
#include "store/sqlite/job_moves.hpp"
#include "store/sqlite/queries.hpp"

namespace ostler::store::sqlite {
namespace {

using model::AgentState;

constexpr std::string_view kPause =
    "UPDATE agents SET paused_at = coalesce(paused_at, ?), pause_note = ?, pause_due = ? "
    "WHERE id = ?";
constexpr std::string_view kResume =
    "UPDATE agents SET paused_at = NULL, pause_note = '', pause_due = NULL WHERE id = ?";
constexpr std::string_view kStop = "UPDATE agents SET stop_requested = 1 WHERE id = ?";

/// An agent that can be told something. Errors: NotFound; Conflict when it is gone.
Result<model::Agent> load_present(Connection& database, AgentId id) {
  OSTLER_TRY(auto agent, load_agent(database, id));
  if (agent.state == AgentState::Connected || agent.state == AgentState::Lost) return agent;
  return Error(Errc::Conflict, "agent is " + std::string(to_string(agent.state)) +
                                   ": only a connected one can be paused, resumed or stopped");
}

FollowUps of_agent(AgentId agent) {
  FollowUps follow_ups;
  follow_ups.agents.push_back(agent);
  return follow_ups;
}

}  // namespace

Result<void> end_pause(Connection& database, AgentId agent) {
  OSTLER_TRY(database.run(kResume, agent));
  return success();
}

Result<FollowUps> pause_agent(Connection& database, const PauseAgent& command) {
  OSTLER_TRY(load_present(database, command.agent));
  const auto due =
      command.duration ? std::optional(command.now + *command.duration) : std::nullopt;
  OSTLER_TRY(database.run(kPause, command.now, command.note, due, command.agent));
  return of_agent(command.agent);
}

Result<FollowUps> resume_agent(Connection& database, const AgentSignal& command) {
  OSTLER_TRY(load_present(database, command.agent));
  OSTLER_TRY(end_pause(database, command.agent));
  return of_agent(command.agent);
}

Result<FollowUps> stop_agent(Connection& database, const StopAgent& command) {
  OSTLER_TRY(const auto agent, load_present(database, command.agent));
  OSTLER_TRY(database.run(kStop, command.agent));
  JobMoves moves(database, command.now);
  if (command.force && agent.job) {
    OSTLER_TRY(auto job, moves.load(*agent.job));
    if (job.state != model::JobState::Canceling) {
      OSTLER_TRY(moves.move(job, model::JobEvent::Cancel));
    }
  }
  OSTLER_TRY(auto follow_ups, moves.finish());
  follow_ups.agents.push_back(command.agent);
  return follow_ups;
}

}  // namespace ostler::store::sqlite
