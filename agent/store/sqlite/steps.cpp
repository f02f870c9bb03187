// SPDX-License-Identifier: Apache-2.0
#include "store/steps.hpp"

#include "store/sqlite/commands.hpp"
#include "store/sqlite/event_log.hpp"
#include "store/sqlite/job_moves.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

using model::JobState;

constexpr std::string_view kLatestOfId =
    "WHERE s.id = ? AND s.build_id = ? ORDER BY j.id DESC LIMIT 1";
constexpr std::string_view kLatestOfKey =
    "WHERE s.build_id = ? AND s.key <> '' AND s.key = ? ORDER BY j.id DESC LIMIT 1";
constexpr std::string_view kPredecessors =
    "SELECT s.id, s.key, e.allow_failure FROM step_edges e JOIN steps s ON s.id = e.dependency_id "
    "WHERE e.dependent_id = ? ORDER BY s.sort_key";
constexpr std::string_view kJobs = "SELECT id, state FROM jobs WHERE step_id = ? ORDER BY id";

model::Predecessor read_predecessor(Row& row) {
  model::Predecessor predecessor;
  row.take(predecessor.step, predecessor.key, predecessor.allow_failure);
  return predecessor;
}

struct JobOfStep {
  JobId id;
  JobState state = JobState::Waiting;
};

JobOfStep read_job_of_step(Row& row) {
  JobOfStep job;
  row.take(job.id, job.state);
  return job;
}

constexpr std::string_view kLastAttempts =
    "SELECT state, exit_status, soft_failed FROM jobs WHERE step_id = ? "
    "AND retried_in_job_id IS NULL ORDER BY id";

model::Job read_last_attempt(Row& row) {
  model::Job job;
  std::optional<int> exit_status;
  row.take(job.state, exit_status, job.soft_failed);
  if (exit_status) job.outcome = model::Outcome{*exit_status, "", ""};
  return job;
}

Result<model::Job> latest_job(Connection& database, const StepAddress& address) {
  if (const auto id = StepId::parse(address.key_or_id)) {
    return require(database.find(sql(kSelectJob, kLatestOfId), read_job, *id, address.build),
                   "step in this build");
  }
  return require(
      database.find(sql(kSelectJob, kLatestOfKey), read_job, address.build, address.key_or_id),
      "step in this build");
}

/// Whether the request is new; notes it.
Result<bool> note_request(Connection& database, StepId step, const std::string& request) {
  if (request.empty()) return true;
  OSTLER_TRY(const auto noted,
             database.run("INSERT INTO step_updates (step_id, request) VALUES (?, ?) "
                          "ON CONFLICT DO NOTHING",
                          step, request));
  return noted == 1;
}

Result<void> set_label(Connection& database, const model::Step& step, const UpdateStep& command) {
  // A job's own label has its number in place of "%n".
  OSTLER_TRY(
      std::string label,
      require(database.find("SELECT label FROM steps WHERE id = ?", read_text, step.id), "step"));
  label = command.append ? label + *command.label : *command.label;
  if (label.size() > kLongestLabel) {
    return Error(Errc::UserFault,
                 "a label has at most " + std::to_string(kLongestLabel) + " bytes");
  }
  OSTLER_TRY(database.run("UPDATE steps SET label = ? WHERE id = ?", label, step.id));
  return success();
}

/// Those that wait for an agent take their new place among the others.
Result<void> set_priority(Connection& database, StepId step, std::int64_t priority,
                          FollowUps& follow_ups) {
  OSTLER_TRY(database.run("UPDATE jobs SET priority = ? WHERE step_id = ?", priority, step));
  OSTLER_TRY(const auto jobs, database.list(kJobs, read_job_of_step, step));
  for (const JobOfStep& job : jobs) {
    if (job.state != JobState::Scheduled) continue;
    follow_ups.dropped.push_back(job.id);
    follow_ups.runnable.push_back(job.id);
  }
  return success();
}

/// Tells of a label or a priority: as of every change, with the jobs as they are then.
Result<void> tell_of_jobs(Connection& database, const UpdateStep& command, StepId step) {
  JobMoves moves(database, command.now);
  EventLog events(database, command.now);
  OSTLER_TRY(const auto jobs, database.list(kJobs, read_job_of_step, step));
  for (const JobOfStep& of_step : jobs) {
    OSTLER_TRY(const auto job, moves.load(of_step.id));
    events.job_changed(job);
  }
  return events.write(command.step.build);
}

bool may_cancel(JobState state) { return !is_terminal(state) && state != JobState::Canceling; }

/// Lets the sweep end the job when its agent has not done so by `due`.
Result<void> force(Connection& database, JobId job, Timestamp due) {
  OSTLER_TRY(database.run("UPDATE jobs SET due_at = ? WHERE id = ? AND state = ?", due, job,
                          JobState::Canceling));
  return success();
}

}  // namespace

Result<model::StepView> load_step(Connection& database, const StepAddress& address) {
  model::StepView view;
  OSTLER_TRY(view.job, latest_job(database, address));
  OSTLER_TRY(view.jobs, database.list(kLastAttempts, read_last_attempt, view.job.step.id));
  OSTLER_TRY(view.depends_on, database.list(kPredecessors, read_predecessor, view.job.step.id));
  return view;
}

Result<FollowUps> update_step(Connection& database, const UpdateStep& command) {
  FollowUps follow_ups;
  OSTLER_TRY(const auto job, latest_job(database, command.step));
  OSTLER_TRY(const bool is_new, note_request(database, job.step.id, command.request));
  if (!is_new) return follow_ups;
  if (command.label) {
    OSTLER_TRY(set_label(database, job.step, command));
  }
  if (command.priority) {
    OSTLER_TRY(set_priority(database, job.step.id, *command.priority, follow_ups));
  }
  if (command.label || command.priority) {
    OSTLER_TRY(tell_of_jobs(database, command, job.step.id));
  }
  follow_ups.builds.push_back(command.step.build);
  return follow_ups;
}

Result<CanceledStep> cancel_step(Connection& database, const CancelStep& command) {
  OSTLER_TRY(const auto latest, latest_job(database, command.step));
  OSTLER_TRY(const auto jobs, database.list(kJobs, read_job_of_step, latest.step.id));
  JobMoves moves(database, command.now);
  bool is_open = false;
  for (const JobOfStep& found : jobs) {
    is_open = is_open || !is_terminal(found.state);
    if (may_cancel(found.state)) {
      OSTLER_TRY(auto job, moves.load(found.id));
      OSTLER_TRY(moves.move(job, model::JobEvent::Cancel));
    }
    if (command.force_after) {
      OSTLER_TRY(force(database, found.id, command.now + *command.force_after));
    }
  }
  if (!is_open) return Error(Errc::Conflict, "the step is over: it can no longer be canceled");
  CanceledStep canceled{.step = latest.step.id, .follow_ups = {}};
  OSTLER_TRY(canceled.follow_ups, moves.finish());
  return canceled;
}

}  // namespace ostler::store::sqlite
