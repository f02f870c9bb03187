// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string_view>

#include "store/sqlite/commands.hpp"
#include "store/sqlite/end_of_build.hpp"
#include "store/sqlite/job_moves.hpp"
#include "store/sqlite/job_texts.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

// Retries that people ask for. The texts of the errors are for them: reference/rest-api.md 10.5.
namespace ostler::store::sqlite {
namespace {

using model::FailureKind;
using model::JobState;

constexpr std::string_view kCircumstances =
    "SELECT j.build_id, s.kind, j.state, j.exit_status, j.retried_in_job_id IS NOT NULL, s.retry "
    "FROM jobs j JOIN steps s ON s.id = j.step_id WHERE j.id = ?";
constexpr std::string_view kEndedJobs =
    "SELECT id FROM jobs WHERE build_id = ? AND state IN (6, 8, 10, 11) "
    "AND retried_in_job_id IS NULL ORDER BY sort_key, id";

struct Circumstances {
  BuildId build;
  model::StepKind kind = model::StepKind::Command;
  JobState state = JobState::Waiting;
  std::optional<int> exit_status;
  bool was_retried = false;
  std::string policy;
};

Circumstances read_circumstances(Row& row) {
  Circumstances found;
  row.take(found.build, found.kind, found.state, found.exit_status, found.was_retried,
           found.policy);
  return found;
}

Result<Circumstances> load_circumstances(Connection& database, JobId job) {
  return require(database.find(kCircumstances, read_circumstances, job), "job");
}

/// Errors: Conflict.
Result<void> check_build(Connection& database, BuildId build) {
  OSTLER_TRY(const auto end, load_end_of_build(database, build));
  if (end.is_canceled) return Error(Errc::Conflict, "Jobs from canceled builds cannot be retried");
  if (end.is_removing) return build_is_going();
  return success();
}

bool has_passed(JobState state, const std::optional<int>& exit_status) {
  return state == JobState::Broken || (state == JobState::Finished && exit_status.value_or(0) == 0);
}

/// What is in the way whether or not the policy of the step lets people retry its jobs.
/// Errors: UserFault, Conflict.
Result<void> check_circumstances(Connection& database, const Circumstances& job,
                                 const model::RetryPolicy& policy) {
  const bool is_retriable =
      job.kind == model::StepKind::Command || job.kind == model::StepKind::Trigger;
  const bool may_be = is_retriable && is_terminal(job.state) &&
                      job.state != JobState::WaitingFailed && job.state != JobState::Broken &&
                      job.state != JobState::Skipped &&
                      (!has_passed(job.state, job.exit_status) || policy.permit_on_passed);
  if (!may_be) {
    return Error(Errc::UserFault, "Only failed, timed out or canceled jobs can be retried");
  }
  OSTLER_TRY(check_build(database, job.build));
  if (job.was_retried) {
    return Error(Errc::Conflict, "This job has already been retried; retry the newer one");
  }
  return success();
}

/// Errors: UserFault, Conflict.
Result<void> check_may_be_retried(Connection& database, JobId id) {
  OSTLER_TRY(const auto job, load_circumstances(database, id));
  OSTLER_TRY(const auto policy, read_retry_policy(job.policy));
  OSTLER_TRY(check_circumstances(database, job, policy));
  if (policy.manual_allowed) return success();
  const std::string why = "The step of this job does not allow manual retries";
  return Error(Errc::Conflict, policy.reason.empty() ? why : why + ": " + policy.reason);
}

bool is_refusal(const Error& error) {
  return error.code() == Errc::Conflict || error.code() == Errc::UserFault;
}

std::optional<FailureKind> failure_kind(const JobRow& job) {
  if (job.soft_failed) return FailureKind::SoftFailed;
  switch (job.state) {
    case JobState::Canceled: return FailureKind::Canceled;
    case JobState::Expired: return FailureKind::Expired;
    case JobState::TimedOut: return FailureKind::TimedOut;
    case JobState::Finished:
      return has_passed(job.state, job.exit_status) ? std::nullopt
                                                    : std::optional(FailureKind::Failed);
    default: return std::nullopt;
  }
}

bool is_wanted(const JobRow& job, const std::vector<FailureKind>& kinds) {
  const auto kind = failure_kind(job);
  return kind && (kinds.empty() || std::ranges::find(kinds, *kind) != kinds.end());
}

}  // namespace

Result<RetryProspect> load_retry_prospect(Connection& database, JobId id) {
  OSTLER_TRY(const auto job, load_circumstances(database, id));
  OSTLER_TRY(const auto policy, read_retry_policy(job.policy));
  const auto checked = check_circumstances(database, job, policy);
  if (!checked && !is_refusal(checked.error())) return checked.error();
  if (!checked) return RetryProspect{RetryChance::None, {}};
  if (policy.manual_allowed) return RetryProspect{RetryChance::Open, {}};
  return RetryProspect{RetryChance::Forbidden, policy.reason};
}

Result<RetriedJob> retry_job(Connection& database, const RetryJob& command) {
  JobMoves moves(database, command.now);
  OSTLER_TRY(const auto job, moves.load(command.job));
  OSTLER_TRY(check_may_be_retried(database, job.id));
  OSTLER_TRY(const auto attempt, moves.retry_by_hand(job, command.by));
  RetriedJob retried;
  OSTLER_TRY(retried.follow_ups, moves.finish());
  OSTLER_TRY(retried.job, load_job(database, attempt.id));
  return retried;
}

Result<RetriedJobs> retry_failed_jobs(Connection& database, const RetryFailedJobs& command) {
  OSTLER_TRY(check_build(database, command.build));
  JobMoves moves(database, command.now);
  RetriedJobs retried;
  OSTLER_TRY(const auto ended, database.list(kEndedJobs, read_value<JobId>, command.build));
  for (const JobId id : ended) {
    OSTLER_TRY(const auto job, moves.load(id));
    if (!is_wanted(job, command.kinds)) continue;
    if (const auto allowed = check_may_be_retried(database, id); !allowed) {
      if (!is_refusal(allowed.error())) return allowed.error();
      continue;
    }
    OSTLER_TRY(moves.retry_by_hand(job, command.by));
    ++retried.count;
  }
  OSTLER_TRY(retried.change.follow_ups, moves.finish());
  OSTLER_TRY(retried.change.build, load_build(database, command.build));
  return retried;
}

}  // namespace ostler::store::sqlite
