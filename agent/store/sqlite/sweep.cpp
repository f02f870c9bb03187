// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "store/sqlite/commands.hpp"
#include "store/sqlite/durations.hpp"
#include "store/sqlite/job_moves.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/sessions.hpp"
#include "store/sqlite/tokens.hpp"

namespace ostler::store::sqlite {
namespace {

using model::JobEvent;
using model::JobState;

/// Rows of one kind that one sweep handles, so that others need not wait long for it.
constexpr std::int64_t kMostPerSweep = 200;

/// A job that has not begun ends with the time for its start when that comes first.
constexpr std::string_view kSilentAgents =
    "SELECT a.id, a.name, coalesce(a.heartbeat_at, a.created_at), a.job_id, "
    "CASE WHEN j.id IS NULL THEN NULL WHEN j.started_at IS NULL AND j.due_at IS NOT NULL "
    "THEN min(j.due_at, a.lease_until + ?3) ELSE a.lease_until + ?3 END "
    "FROM agents a LEFT JOIN jobs j ON j.id = a.job_id "
    "WHERE a.lost_due <= ?1 ORDER BY a.lost_due LIMIT ?2";
constexpr std::string_view kMarkLost =
    "UPDATE agents SET state = ?, lost_at = ?, lost_due = NULL WHERE id = ?";
constexpr std::string_view kEndedPauses =
    "SELECT id FROM agents WHERE pause_due <= ? ORDER BY pause_due LIMIT ?";
constexpr std::string_view kLostJobs =
    "SELECT job_id FROM agents WHERE job_id IS NOT NULL AND lease_until <= ? "
    "ORDER BY lease_until LIMIT ?";
constexpr std::string_view kDueJobs =
    "SELECT id FROM jobs WHERE due_at <= ? ORDER BY due_at LIMIT ?";
constexpr std::string_view kOverdueJob =
    "SELECT p.slug, b.number, b.state, j.agent_id, coalesce(a.name, '') FROM jobs j "
    "JOIN builds b ON b.id = j.build_id JOIN pipelines p ON p.id = b.pipeline_id "
    "LEFT JOIN agents a ON a.id = j.agent_id WHERE j.id = ?";
constexpr std::string_view kExpiredTokens =
    "SELECT hash, agent_id FROM tokens WHERE expires_at <= ? ORDER BY expires_at LIMIT ?";
constexpr std::string_view kForgetRequestKeys =
    "DELETE FROM request_keys WHERE (token_id, key) IN (SELECT token_id, key FROM request_keys "
    "WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)";
constexpr std::string_view kSessionsWithJobs =
    "UPDATE tokens SET expires_at = ? WHERE kind = ? AND expires_at IS NOT NULL AND agent_id IN "
    "(SELECT id FROM agents WHERE job_id IS NOT NULL)";

struct ExpiredToken {
  std::string hash;
  std::optional<AgentId> agent;
};

ExpiredToken read_expired_token(Row& row) {
  ExpiredToken token;
  row.take(token.hash, token.agent);
  return token;
}

LostAgent read_lost(Row& row) {
  LostAgent lost;
  row.take(lost.agent, lost.name, lost.heard_at, lost.job, lost.ends_at);
  return lost;
}

OverdueJob read_overdue(Row& row) {
  OverdueJob overdue;
  row.take(overdue.pipeline, overdue.build, overdue.build_state, overdue.agent, overdue.agent_name);
  return overdue;
}

/// One pass over what is due.
class SweepPass {
 public:
  SweepPass(Connection& database, Timestamp now)
      : database_(database), now_(now), moves_(database, now) {}

  Result<SweepResult> run() {
    SweepResult result;
    OSTLER_TRY(result.lost, mark_silent_agents());
    OSTLER_TRY(const auto resumed, end_pauses());
    OSTLER_TRY(give_up_jobs_of_lost_agents());
    OSTLER_TRY(move_due_jobs());
    OSTLER_TRY(forget_expired_tokens());
    OSTLER_TRY(database_.run(kForgetRequestKeys, now_, kMostPerSweep));
    OSTLER_TRY(const bool more_caches, forget_caches(database_, now_, kMostPerSweep));
    more_ = more_ || more_caches;
    result.more = more_;
    OSTLER_TRY(result.follow_ups, moves_.finish());
    OSTLER_TRY(result.overdue, describe_overdue());
    auto& agents = result.follow_ups.agents;
    for (const LostAgent& lost : result.lost) agents.push_back(lost.agent);
    agents.insert(agents.end(), resumed.begin(), resumed.end());
    return result;
  }

 private:
  template <class T>
  Result<std::vector<T>> due(std::string_view sql, Timestamp at) {
    OSTLER_TRY(auto found, database_.list(sql, read_value<T>, at, kMostPerSweep));
    more_ = more_ || found.size() == static_cast<std::size_t>(kMostPerSweep);
    return found;
  }

  Result<std::vector<LostAgent>> mark_silent_agents() {
    OSTLER_TRY(auto agents, database_.list(kSilentAgents, read_lost, now_, kMostPerSweep,
                                           std::chrono::microseconds(kLeaseGrace).count()));
    more_ = more_ || agents.size() == static_cast<std::size_t>(kMostPerSweep);
    for (const LostAgent& lost : agents) {
      OSTLER_TRY(database_.run(kMarkLost, model::AgentState::Lost, now_, lost.agent));
      const Timestamp free_at = std::max(now_, lost.ends_at.value_or(now_));
      OSTLER_TRY(expire_session(database_, lost.agent, free_at + kTokenAfterlife));
    }
    return agents;
  }

  Result<void> forget_expired_tokens() {
    OSTLER_TRY(const auto tokens,
               database_.list(kExpiredTokens, read_expired_token, now_, kMostPerSweep));
    more_ = more_ || tokens.size() == static_cast<std::size_t>(kMostPerSweep);
    for (const ExpiredToken& token : tokens) {
      OSTLER_TRY(database_.run("DELETE FROM tokens WHERE hash = ?", token.hash));
      if (token.agent) {
        OSTLER_TRY(forget_unused_agent(database_, *token.agent));
      }
    }
    return success();
  }

  Result<std::vector<AgentId>> end_pauses() {
    OSTLER_TRY(auto agents, due<AgentId>(kEndedPauses, now_));
    for (const AgentId agent : agents) {
      OSTLER_TRY(end_pause(database_, agent));
    }
    return agents;
  }

  Result<void> give_up_jobs_of_lost_agents() {
    OSTLER_TRY(const auto jobs, due<JobId>(kLostJobs, now_ + -kLeaseGrace));
    for (const JobId id : jobs) {
      OSTLER_TRY(auto job, moves_.load(id));
      OSTLER_TRY(lose(job, Overdue::Lease));
    }
    return success();
  }

  Result<void> move_due_jobs() {
    OSTLER_TRY(const auto jobs, due<JobId>(kDueJobs, now_));
    for (const JobId id : jobs) {
      OSTLER_TRY(auto job, moves_.load(id));
      const bool awaits_start = job.state == JobState::Accepted || job.state == JobState::Canceling;
      if (job.state == JobState::Scheduled) {
        OSTLER_TRY(move(job, JobEvent::Expire, Overdue::Wait));
      } else if (job.state == JobState::Running) {
        OSTLER_TRY(move(job, JobEvent::TimeOut, Overdue::Timeout));
      } else if (awaits_start) {
        OSTLER_TRY(lose(job, Overdue::Start));
      }
    }
    return success();
  }

  Result<void> lose(JobRow& job, Overdue what) {
    job.exit_status = -1;
    job.end_cause =
        what == Overdue::Start ? model::EndCause::NotStarted : model::EndCause::AgentLost;
    return move(job, JobEvent::Lose, what);
  }

  Result<void> move(JobRow& job, JobEvent event, Overdue what) {
    overdue_.emplace_back(job.id, what);
    return moves_.move(job, event);
  }

  /// As they stand once everything has moved.
  Result<std::vector<OverdueJob>> describe_overdue() {
    std::vector<OverdueJob> jobs;
    for (const auto& [job, what] : overdue_) {
      OSTLER_TRY(auto overdue, require(database_.find(kOverdueJob, read_overdue, job), "job"));
      overdue.job = job;
      overdue.what = what;
      jobs.push_back(std::move(overdue));
    }
    return jobs;
  }

  Connection& database_;
  Timestamp now_;
  JobMoves moves_;
  std::vector<std::pair<JobId, Overdue>> overdue_;
  bool more_ = false;
};

}  // namespace

namespace {

/// Moves what is due along with a clock that was set. Agents get full terms, whichever clock they
/// were last heard by, and a job that has started since then was timed by the new one.
Result<void> follow_clock(Connection& database, const Sweep& command, Timestamp previous) {
  const std::int64_t jump = command.jump.count();
  OSTLER_TRY(
      database.run("UPDATE tokens SET expires_at = expires_at + ? WHERE expires_at IS NOT NULL AND "
                   "kind IN (2, 3)",
                   jump));
  OSTLER_TRY(renew_terms(database, command.now));
  OSTLER_TRY(
      database.run("UPDATE jobs SET due_at = due_at + ? WHERE due_at IS NOT NULL AND NOT "
                   "(started_at IS NULL AND id IN (SELECT job_id FROM agents WHERE job_id IS NOT "
                   "NULL)) AND (started_at IS NULL OR started_at NOT BETWEEN ? AND ?)",
                   jump, previous, command.now));
  OSTLER_TRY(database.run("UPDATE agents SET pause_due = pause_due + ? WHERE pause_due IS NOT NULL",
                          jump));
  return success();
}

}  // namespace

Result<SweepResult> sweep(Connection& database, const Sweep& command, Timestamp previous) {
  const Timestamp since = previous + command.jump;
  if (command.jump.count() != 0) {
    OSTLER_TRY(follow_clock(database, command, since));
  } else if (command.now - since > kStandstill) {
    OSTLER_TRY(renew_terms(database, command.now));
  }
  return SweepPass(database, command.now).run();
}

Result<void> renew_terms(Connection& database, Timestamp now) {
  OSTLER_TRY(database.run("UPDATE agents SET lost_due = ? WHERE lost_due IS NOT NULL",
                          now + kAgentSilence));
  OSTLER_TRY(
      database.run("UPDATE agents SET lease_until = ? + lease_seconds * 1000000 "
                   "WHERE job_id IS NOT NULL",
                   now));
  OSTLER_TRY(
      database.run("UPDATE jobs SET due_at = ? WHERE due_at IS NOT NULL AND "
                   "id IN (SELECT job_id FROM agents WHERE job_id IS NOT NULL) AND "
                   "started_at IS NULL",
                   now + kStartDeadline));
  OSTLER_TRY(database.run(kSessionsWithJobs, now + kTokenAfterlife, TokenKind::Session));
  return success();
}

}  // namespace ostler::store::sqlite
