// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/job_moves.hpp"

#include <string_view>
#include <utility>

#include "store/sqlite/durations.hpp"
#include "store/sqlite/job_texts.hpp"
#include "store/sqlite/log_index.hpp"
#include "store/sqlite/plugin_locks.hpp"
#include "store/sqlite/plugin_records.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

using model::JobEvent;
using model::JobState;

constexpr std::string_view kLoad =
    "SELECT j.id, j.build_id, j.step_id, s.kind, "
    "coalesce(j.timeout_in_minutes, s.timeout_in_minutes), j.state, j.concurrency_group_id, "
    "j.agent_id, "
    "j.exit_status, j.promised_exit_status, j.soft_fail, j.soft_failed, j.signal, j.signal_reason, "
    "j.end_cause, j.due_at, j.limited_at, j.runnable_at, "
    "j.started_at, "
    "j.finished_at, j.expired_at, j.triggered_build_id FROM jobs j JOIN steps s ON s.id = "
    "j.step_id WHERE j.id = ?";
constexpr std::string_view kSave =
    "UPDATE jobs SET state = ?, agent_id = ?, exit_status = ?, signal = ?, signal_reason = ?, "
    "end_cause = ?, due_at = ?, limited_at = ?, runnable_at = ?, started_at = ?, finished_at = ?, "
    "expired_at = ?, "
    "soft_failed = ? WHERE id = ?";

JobRow read_job_row(Row& row) {
  JobRow job;
  row.take(job.id, job.build, job.step, job.kind, job.timeout_in_minutes, job.state, job.group,
           job.agent, job.exit_status, job.promised_exit_status, job.soft_fail, job.soft_failed,
           job.signal, job.signal_reason, job.end_cause, job.due_at, job.limited_at,
           job.runnable_at, job.started_at, job.finished_at, job.expired_at, job.triggered_build);
  return job;
}

/// A failed job says so even when nobody retries it. Of a canceled one only `soft_fail: true` is.
Result<void> judge(JobRow& job) {
  const bool may_be_soft = job.state == JobState::Finished || job.state == JobState::TimedOut ||
                           job.state == JobState::Canceled;
  if (!may_be_soft || job.soft_fail.empty() || !is_failure(job)) return success();
  OSTLER_TRY(const auto soft_fail, read_soft_fail(job.soft_fail));
  job.soft_failed = soft_fail.any || (job.exit_status && job.state != JobState::Canceled &&
                                      soft_fail.covers(*job.exit_status));
  return success();
}

Result<JobState> next_state(const JobRow& job, JobEvent event) {
  if (job.kind == model::StepKind::Wait) return transition_waiter(job.state, event);
  if (is_gate(job.kind)) return transition_gate(job.state, event);
  if (job.kind != model::StepKind::Trigger) return transition(job.state, event);
  OSTLER_TRY(const auto next, transition_trigger(job.state, event));
  const bool has_nothing_to_stop = next == JobState::Canceling && !job.triggered_build;
  return has_nothing_to_stop ? JobState::Canceled : next;
}

}  // namespace

model::DependencyResult result_of(const JobRow& job) {
  return dependency_result(job.state, job.exit_status, job.soft_failed);
}

bool is_failure(const JobRow& job) {
  return is_hard_failure(job.state, job.exit_status, job.soft_failed);
}

Result<JobRow> JobMoves::load(JobId job) {
  return require(database_.find(kLoad, read_job_row, job), "job");
}

Result<JobRow> JobMoves::load_own(JobId id, AgentId agent) {
  OSTLER_TRY(auto job, load(id));
  if (job.agent != agent) return Error(Errc::NotFound, "no such job");
  return job;
}

Result<void> JobMoves::move(JobRow& job, JobEvent event) {
  const bool was_over = is_terminal(job.state);
  OSTLER_TRY(apply(job, event));
  if (was_over || !is_terminal(job.state)) return success();
  OSTLER_TRY(const bool goes_on, retry_automatically(job));
  if (goes_on) return success();
  OSTLER_TRY(const auto counts, count_ended_job(database_, job.step, result_of(job)));
  if (counts.is_over()) ended_.push_back({job.step, counts.result()});
  return success();
}

Result<void> JobMoves::move_alone(JobRow& job, JobEvent event) {
  const bool was_over = is_terminal(job.state);
  OSTLER_TRY(apply(job, event));
  if (was_over || !is_terminal(job.state)) return success();
  OSTLER_TRY(count_ended_job(database_, job.step, result_of(job)));
  return success();
}

Result<void> JobMoves::apply(JobRow& job, JobEvent event) {
  const JobState from = job.state;
  if (event == JobEvent::Satisfy && job.group) event = JobEvent::Limit;
  OSTLER_TRY(job.state, next_state(job, event));
  OSTLER_TRY(judge(job));
  if (job.group && !(holds_slot(from) && holds_slot(job.state))) groups_.insert(*job.group);
  const bool is_back_in_line = job.group && event == JobEvent::Revive;
  if (is_gate(job.kind) || is_back_in_line) gated_.insert(job.build);
  stamp(job, from);
  count(job, from);
  note(job, from);
  OSTLER_TRY(save(job));
  if (job.kind == model::StepKind::Trigger) {
    OSTLER_TRY(note_trigger(job, from));
  }
  if (is_with_agent(from) && is_terminal(job.state)) {
    OSTLER_TRY(release_agent(job));
  }
  return success();
}

void JobMoves::count_new(const JobRow& job) {
  deltas_[job.build] += standing_of(job.kind, job.state);
  if (is_gate(job.kind) || job.group) gated_.insert(job.build);
  events_.job_created(job);
}

void JobMoves::count_removed(const JobRow& job) {
  deltas_[job.build] -= standing_of(job.kind, job.state);
  if (job.state == JobState::Scheduled) follow_ups_.dropped.push_back(job.id);
  if (job.group) groups_.insert(*job.group);
  events_.job_removed(job);
}

void JobMoves::stamp(JobRow& job, JobState from) const {
  if (job.state == from) return;
  const bool awaits_start = from == JobState::Accepted && job.state == JobState::Canceling;
  if (!awaits_start) job.due_at.reset();
  if (job.state == JobState::Limited) job.limited_at = now_;
  if (job.state == JobState::Scheduled) {
    job.runnable_at = now_;
    job.due_at = now_ + kScheduledExpiry;
  }
  if (job.state == JobState::Accepted) job.due_at = now_ + kStartDeadline;
  if (job.state == JobState::Running) {
    if (job.kind == model::StepKind::Trigger) job.runnable_at = now_;
    job.started_at = now_;
    if (job.timeout_in_minutes) job.due_at = now_ + std::chrono::minutes(*job.timeout_in_minutes);
  }
  if (job.state == JobState::Expired) job.expired_at = now_;
  if (job.state == JobState::Waiting) job.finished_at.reset();
  if (is_terminal(job.state)) job.finished_at = now_;
}

void JobMoves::count(const JobRow& job, JobState from) {
  model::JobCounts& delta = deltas_[job.build];
  if (job.kind == model::StepKind::Wait || job.state == from) return;
  const bool is_over = is_terminal(job.state);
  const bool is_trigger = job.kind == model::StepKind::Trigger;
  const bool has_begun =
      is_trigger ? job.state == JobState::Running
                 : from == JobState::Accepted && (job.state == JobState::Running || is_over);
  delta -= standing_of(job.kind, from);
  delta += standing_of(job.kind, job.state);
  delta.executed += int{has_begun || job.state == JobState::Unblocked};
  if (is_over) delta.hard_failed += int{is_failure(job)};
}

void JobMoves::note(const JobRow& job, JobState from) {
  if (job.state == from) return;
  events_.job_changed(job);
  if (job.state == JobState::Scheduled) follow_ups_.runnable.push_back(job.id);
  if (from == JobState::Scheduled) follow_ups_.dropped.push_back(job.id);
  if (job.state == JobState::Canceling || job.state == JobState::TimingOut) {
    follow_ups_.canceling.push_back(job.id);
  }
  if (is_with_agent(from) && is_terminal(job.state)) follow_ups_.finished.push_back(job.id);
  if (is_terminal(job.state)) follow_ups_.logs.push_back(job.id);
  const bool changes_agent = job.agent && is_with_agent(from) != is_with_agent(job.state);
  if (changes_agent) follow_ups_.agents.push_back(*job.agent);
}

Result<void> JobMoves::save(const JobRow& job) {
  OSTLER_TRY(database_.run(kSave, job.state, job.agent, job.exit_status, job.signal,
                           job.signal_reason, job.end_cause, job.due_at, job.limited_at,
                           job.runnable_at, job.started_at, job.finished_at, job.expired_at,
                           job.soft_failed, job.id));
  return success();
}

Result<void> JobMoves::release_agent(const JobRow& job) {
  OSTLER_TRY(database_.run(
      "UPDATE agents SET job_id = NULL, last_job_finished_at = ? WHERE id = ? AND job_id = ?", now_,
      job.agent, job.id));
  OSTLER_TRY(database_.run("UPDATE tokens SET expires_at = ? WHERE job_id = ?",
                           now_ + kTokenAfterlife, job.id));
  OSTLER_TRY(forget_changes_of(database_, job.id));
  OSTLER_TRY(forget_puts_of(database_, job.id));
  OSTLER_TRY(const auto given, free_locks_of(database_, job.id));
  // Whoever waits for news of such a job looks again: at its state, and at the lock.
  follow_ups_.canceling.insert(follow_ups_.canceling.end(), given.begin(), given.end());
  return complete_log(database_, job.id);
}

}  // namespace ostler::store::sqlite
