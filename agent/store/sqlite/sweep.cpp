// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/commands.hpp"
#include "store/sqlite/durations.hpp"
#include "store/sqlite/job_moves.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

using model::JobEvent;
using model::JobState;

/// Rows of one kind that one sweep handles, so that others need not wait long for it.
constexpr std::int64_t kMostPerSweep = 200;

constexpr std::string_view kSilentAgents =
    "SELECT id FROM agents WHERE lost_due <= ? ORDER BY lost_due LIMIT ?";
constexpr std::string_view kMarkLost =
    "UPDATE agents SET state = ?, lost_at = ?, lost_due = NULL WHERE id = ?";
constexpr std::string_view kEndedPauses =
    "SELECT id FROM agents WHERE pause_due <= ? ORDER BY pause_due LIMIT ?";
constexpr std::string_view kLostJobs =
    "SELECT job_id FROM agents WHERE job_id IS NOT NULL AND lease_until <= ? "
    "ORDER BY lease_until LIMIT ?";
constexpr std::string_view kDueJobs =
    "SELECT id FROM jobs WHERE due_at <= ? ORDER BY due_at LIMIT ?";
constexpr std::string_view kExpiredTokens =
    "DELETE FROM tokens WHERE hash IN (SELECT hash FROM tokens WHERE expires_at <= ? "
    "ORDER BY expires_at LIMIT ?)";

/// One pass over what is due.
class SweepPass {
 public:
  SweepPass(Connection& database, Timestamp now)
      : database_(database), now_(now), moves_(database, now) {}

  Result<SweepResult> run() {
    OSTLER_TRY(const auto lost, mark_silent_agents());
    OSTLER_TRY(const auto resumed, end_pauses());
    OSTLER_TRY(give_up_jobs_of_lost_agents());
    OSTLER_TRY(move_due_jobs());
    OSTLER_TRY(const auto deleted, database_.run(kExpiredTokens, now_, kMostPerSweep));
    more_ = more_ || deleted == kMostPerSweep;
    SweepResult result{.follow_ups = {}, .more = more_};
    OSTLER_TRY(result.follow_ups, moves_.finish());
    auto& agents = result.follow_ups.agents;
    agents.insert(agents.end(), lost.begin(), lost.end());
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

  Result<std::vector<AgentId>> mark_silent_agents() {
    OSTLER_TRY(auto agents, due<AgentId>(kSilentAgents, now_));
    for (const AgentId agent : agents) {
      OSTLER_TRY(database_.run(kMarkLost, model::AgentState::Lost, now_, agent));
    }
    return agents;
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
      OSTLER_TRY(lose(job));
    }
    return success();
  }

  Result<void> move_due_jobs() {
    OSTLER_TRY(const auto jobs, due<JobId>(kDueJobs, now_));
    for (const JobId id : jobs) {
      OSTLER_TRY(auto job, moves_.load(id));
      if (job.state == JobState::Scheduled) {
        OSTLER_TRY(moves_.move(job, JobEvent::Expire));
      }
      if (job.state == JobState::Running) {
        OSTLER_TRY(moves_.move(job, JobEvent::TimeOut));
      }
      const bool awaits_start = job.state == JobState::Accepted || job.state == JobState::Canceling;
      if (awaits_start) {
        OSTLER_TRY(lose(job));
      }
    }
    return success();
  }

  Result<void> lose(JobRow& job) {
    job.exit_status = -1;
    return moves_.move(job, JobEvent::Lose);
  }

  Connection& database_;
  Timestamp now_;
  JobMoves moves_;
  bool more_ = false;
};

}  // namespace

Result<SweepResult> sweep(Connection& database, const Sweep& command, Timestamp previous) {
  if (command.now - previous > kStandstill) {
    OSTLER_TRY(renew_terms(database, command.now));
  }
  return SweepPass(database, command.now).run();
}

Result<void> renew_terms(Connection& database, Timestamp now) {
  OSTLER_TRY(database.run("UPDATE agents SET lost_due = ? WHERE lost_due IS NOT NULL",
                          now + kAgentSilence));
  OSTLER_TRY(
      database.run("UPDATE agents SET lease_until = max(lease_until, ? + lease_seconds * "
                   "1000000) WHERE job_id IS NOT NULL",
                   now));
  OSTLER_TRY(
      database.run("UPDATE jobs SET due_at = max(due_at, ?) WHERE due_at IS NOT NULL AND "
                   "id IN (SELECT job_id FROM agents WHERE job_id IS NOT NULL) AND "
                   "started_at IS NULL",
                   now + kStartDeadline));
  return success();
}

}  // namespace ostler::store::sqlite
