// SPDX-License-Identifier: Apache-2.0
// What follows when jobs have moved: their dependents, their builds.
#include <string_view>
#include <utility>

#include "store/sqlite/job_moves.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

using model::JobEvent;
using model::JobState;

constexpr std::string_view kJobsInState =
    "SELECT id FROM jobs INDEXED BY jobs_by_step WHERE step_id = ? AND state = ? ORDER BY id";
constexpr std::string_view kLoadCounts =
    "SELECT open_jobs, waiting_jobs, with_agent_jobs, blocked_jobs, executed_jobs, "
    "hard_failed_jobs, state, cancel_requested, superseded FROM builds WHERE id = ?";
constexpr std::string_view kSaveBuild =
    "UPDATE builds SET state = ?1, open_jobs = ?2, waiting_jobs = ?3, with_agent_jobs = ?4, "
    "blocked_jobs = ?5, executed_jobs = ?6, hard_failed_jobs = ?7, "
    "started_at = coalesce(started_at, ?8), failing_at = coalesce(failing_at, ?9), "
    "finished_at = coalesce(finished_at, ?10), blocked_state = ?11 WHERE id = ?12";
/// Before the counters of a build that was at rest are saved. What it writes from now on is to be
/// removed in its turn. One that was blocked goes on; one that was over begins again.
constexpr std::string_view kReopenBuild =
    "UPDATE builds SET started_at = CASE WHEN ?2 THEN started_at END, finished_at = NULL, "
    "logs_removed = 0, artifacts_removed = 0 WHERE id = ?1 AND finished_at IS NOT NULL";
constexpr std::string_view kFirstGate =
    "SELECT s.gate FROM jobs j JOIN steps s ON s.id = j.step_id "
    "WHERE j.build_id = ? AND j.state = 13 ORDER BY j.sort_key LIMIT 1";

struct BuildCounts {
  model::JobCounts counts;
  model::BuildState state = model::BuildState::Scheduled;
  bool cancel_requested = false;
  bool is_superseded = false;
};

BuildCounts read_counts(Row& row) {
  BuildCounts build;
  model::JobCounts& counts = build.counts;
  row.take(counts.open, counts.waiting, counts.with_agent, counts.blocked, counts.executed,
           counts.hard_failed, build.state, build.cancel_requested, build.is_superseded);
  return build;
}

struct SettledBuild {
  BuildId id;
  model::BuildState state;
  model::JobCounts counts;
  std::optional<model::BlockedState> blocked_state;
};

Result<void> save_build(Connection& database, const SettledBuild& build, Timestamp now) {
  const model::JobCounts& counts = build.counts;
  const auto now_if = [&](bool condition) { return condition ? std::optional(now) : std::nullopt; };
  OSTLER_TRY(database.run(kSaveBuild, build.state, counts.open, counts.waiting, counts.with_agent,
                          counts.blocked, counts.executed, counts.hard_failed,
                          now_if(counts.executed > 0),
                          now_if(build.state == model::BuildState::Failing),
                          now_if(is_at_rest(build.state)), build.blocked_state, build.id));
  return success();
}

/// What a build comes to with its counters.
model::BuildState counted_state(const BuildCounts& build) {
  const auto state = derive_build_state(build.counts, build.cancel_requested);
  const bool is_skipped = state == model::BuildState::NotRun && build.is_superseded;
  return is_skipped ? model::BuildState::Skipped : state;
}

/// Whether a build that was at rest begins again by a change to `state`.
bool is_reopened(const BuildCounts& before, model::BuildState state,
                 const model::JobCounts& delta) {
  const bool was_blocked = before.state == model::BuildState::Blocked;
  // Somebody who opens one block after another is at work on the build.
  if (state == before.state) return was_blocked && delta.executed > 0;
  return was_blocked || !is_terminal(state);
}

}  // namespace

Result<void> JobMoves::settle_dependents(const EndedStep& ended) {
  OSTLER_TRY(const auto dependents, list_dependents(database_, ended.step));
  for (const DependentStep& dependent : dependents) {
    const bool met = is_met(ended.result, dependent.allow_failure);
    OSTLER_TRY(const auto needs, count_ended_dependency(database_, dependent.step, met));
    if (met && !needs.are_met()) continue;
    OSTLER_TRY(auto concerned, jobs_in(dependent.step, JobState::Waiting));
    if (!met) {
      // What it waited for had been met once, and was then tried again.
      OSTLER_TRY(const auto blocked, jobs_in(dependent.step, JobState::Blocked));
      concerned.insert(concerned.end(), blocked.begin(), blocked.end());
    }
    for (const JobId id : concerned) {
      OSTLER_TRY(JobRow job, load(id));
      OSTLER_TRY(move(job, met ? JobEvent::Satisfy : JobEvent::Obstruct));
    }
  }
  return success();
}

Result<std::vector<JobId>> JobMoves::jobs_in(StepId step, JobState state) {
  return database_.list(kJobsInState, read_value<JobId>, step, state);
}

/// That of the first gate that waits for a person.
Result<std::optional<model::BlockedState>> JobMoves::blocked_state_of(BuildId build) {
  OSTLER_TRY(const auto gate,
             database_.find(kFirstGate, read_value<std::optional<model::Gate>>, build));
  return gate && *gate ? std::optional((*gate)->blocked_state) : std::nullopt;
}

Result<void> JobMoves::settle_build(BuildId id, const model::JobCounts& delta) {
  OSTLER_TRY(auto build, require(database_.find(kLoadCounts, read_counts, id), "build"));
  build.counts += delta;
  const auto state = counted_state(build);
  if (is_reopened(build, state, delta)) {
    OSTLER_TRY(database_.run(kReopenBuild, id, build.state == model::BuildState::Blocked));
  }
  std::optional<model::BlockedState> blocked_state;
  if (state == model::BuildState::Blocked) {
    OSTLER_TRY(blocked_state, blocked_state_of(id));
  }
  OSTLER_TRY(save_build(database_, {id, state, build.counts, blocked_state}, now_));
  if (is_terminal(state)) {
    OSTLER_TRY(end_logs_of(id));
  }
  if (is_at_rest(state)) at_rest_.push_back(id);
  follow_ups_.builds.push_back(id);
  return events_.write(id);
}

Result<void> JobMoves::settle_all_dependents() {
  while (!ended_.empty()) {
    const EndedStep ended = ended_.back();
    ended_.pop_back();
    OSTLER_TRY(settle_dependents(ended));
  }
  return success();
}

Result<void> JobMoves::settle_all_builds() {
  OSTLER_TRY(stop_triggered_builds());
  OSTLER_TRY(settle_all_dependents());
  OSTLER_TRY(stop_failing_builds());
  OSTLER_TRY(stop_triggered_builds());
  OSTLER_TRY(settle_all_dependents());
  for (const BuildId build : std::exchange(gated_, {})) {
    OSTLER_TRY(place_behind_gates(build));
  }
  // In the order of their ids, as every writer takes them.
  for (const auto group : std::exchange(groups_, {})) {
    OSTLER_TRY(admit(group));
  }
  for (const auto& [build, delta] : std::exchange(deltas_, {})) {
    OSTLER_TRY(settle_build(build, delta));
  }
  return success();
}

/// The end of a build may be that of a job in another one, and so on upwards.
Result<FollowUps> JobMoves::finish() {
  do {
    OSTLER_TRY(settle_all_builds());
    OSTLER_TRY(report_to_triggers());
  } while (!deltas_.empty());
  return std::move(follow_ups_);
}

}  // namespace ostler::store::sqlite
