// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include "store/sqlite/job_moves.hpp"
#include "store/sqlite/job_texts.hpp"
#include "store/sqlite/rows.hpp"

// How a job comes to another attempt.
namespace ostler::store::sqlite {
namespace {

using model::JobEvent;
using model::JobState;
using model::RetryType;

constexpr std::string_view kRulesOf =
    "SELECT s.retry, j.rule_retries FROM jobs j JOIN steps s ON s.id = j.step_id WHERE j.id = ?";
constexpr std::string_view kRetriesOf = "SELECT rule_retries FROM jobs WHERE id = ?";
/// It takes the place of the attempt before it in the order of dispatch.
constexpr std::string_view kInsertAttempt =
    "INSERT INTO jobs (id, build_id, step_id, queue_id, sort_key, state, priority, created_at, "
    "scheduled_at, retries_count, rule_retries, source_job_id, source_retry_type, parallel_index, "
    "parallel_total, matrix, soft_fail, concurrency_group_id, concurrency_limit, "
    "concurrency_method) "
    "SELECT ?2, build_id, step_id, queue_id, sort_key, ?3, priority, ?4, scheduled_at, "
    "retries_count + 1, ?5, id, ?6, parallel_index, parallel_total, matrix, soft_fail, "
    "concurrency_group_id, concurrency_limit, concurrency_method FROM jobs WHERE id = ?1";
constexpr std::string_view kMarkRetried =
    "UPDATE jobs SET retried_in_job_id = ?, retry_type = ?, retried_by = ? WHERE id = ?";
constexpr std::string_view kTimeoutOfStep = "SELECT timeout_in_minutes FROM steps WHERE id = ?";

struct RuleTexts {
  std::string policy;
  std::string retries;
};

RuleTexts read_rule_texts(Row& row) {
  RuleTexts texts;
  row.take(texts.policy, texts.retries);
  return texts;
}

/// Whether its end is one that rules look at. Nobody retries for a person who canceled.
bool is_for_rules(const JobRow& job) {
  const bool has_failed = job.state == JobState::Finished && job.exit_status.value_or(0) != 0;
  return job.kind == model::StepKind::Command && (has_failed || job.state == JobState::TimedOut);
}

}  // namespace

Result<bool> JobMoves::retry_automatically(const JobRow& job) {
  if (!is_for_rules(job)) return false;
  OSTLER_TRY(const auto texts, require(database_.find(kRulesOf, read_rule_texts, job.id), "job"));
  OSTLER_TRY(const auto policy, read_retry_policy(texts.policy));
  const auto rule = model::deciding_rule(policy.automatic, job.exit_status.value_or(-1), job.signal,
                                         job.signal_reason);
  if (!rule) return false;
  OSTLER_TRY(auto retries, read_rule_retries(texts.retries));
  retries.resize(policy.automatic.size());
  if (retries[*rule] >= policy.automatic[*rule].limit) return false;
  ++retries[*rule];
  OSTLER_TRY(JobRow attempt, insert_attempt(job, {.type = RetryType::Automatic,
                                                  .rule_retries = rule_retries_text(retries)}));
  OSTLER_TRY(place(attempt));
  return true;
}

Result<JobRow> JobMoves::retry_by_hand(const JobRow& job, const std::optional<UserId>& by) {
  std::vector<ReopenedStep> reopened;
  OSTLER_TRY(reopen(job, result_of(job), reopened));
  while (!reopened.empty()) {
    const ReopenedStep step = reopened.back();
    reopened.pop_back();
    OSTLER_TRY(reopen_dependents(step, reopened));
  }
  OSTLER_TRY(auto retries, require(database_.find(kRetriesOf, read_text, job.id), "job"));
  OSTLER_TRY(JobRow attempt,
             insert_attempt(
                 job, {.type = RetryType::Manual, .by = by, .rule_retries = std::move(retries)}));
  OSTLER_TRY(place(attempt));
  return attempt;
}

Result<JobRow> JobMoves::insert_attempt(const JobRow& job, const Retry& how) {
  JobRow attempt;
  attempt.id = JobId::make();
  attempt.build = job.build;
  attempt.step = job.step;
  attempt.kind = job.kind;
  attempt.group = job.group;
  attempt.soft_fail = job.soft_fail;
  OSTLER_TRY(
      attempt.timeout_in_minutes,
      require(database_.find(kTimeoutOfStep, read_value<std::optional<int>>, job.step), "step"));
  OSTLER_TRY(database_.run(kInsertAttempt, job.id, attempt.id, attempt.state, now_,
                           how.rule_retries, how.type));
  OSTLER_TRY(database_.run(kMarkRetried, attempt.id, how.type, how.by, job.id));
  count_new(attempt);
  deltas_[job.build].hard_failed -= int{is_failure(job)};
  return attempt;
}

/// A job that was canceled while it waited still has something to wait for.
Result<void> JobMoves::place(JobRow& attempt) {
  OSTLER_TRY(const auto needs, load_needs(database_, attempt.step));
  if (needs.are_met()) return move(attempt, JobEvent::Satisfy);
  if (needs.obstructed > 0) return move(attempt, JobEvent::Obstruct);
  return success();
}

Result<void> JobMoves::reopen(const JobRow& job, model::DependencyResult former,
                              std::vector<ReopenedStep>& reopened) {
  OSTLER_TRY(const auto before, count_reopened_job(database_, job.step, former));
  if (before.is_over()) reopened.push_back({job.step, before.result()});
  return success();
}

Result<void> JobMoves::reopen_dependents(const ReopenedStep& step,
                                         std::vector<ReopenedStep>& reopened) {
  OSTLER_TRY(const auto dependents, list_dependents(database_, step.step));
  for (const DependentStep& dependent : dependents) {
    const bool was_met = is_met(step.former, dependent.allow_failure);
    OSTLER_TRY(const auto needs, count_reopened_dependency(database_, dependent.step, was_met));
    if (was_met || needs.obstructed > 0) continue;
    OSTLER_TRY(revive(dependent.step, reopened));
  }
  return success();
}

Result<void> JobMoves::revive(StepId step, std::vector<ReopenedStep>& reopened) {
  OSTLER_TRY(auto jobs, jobs_in(step, JobState::WaitingFailed));
  OSTLER_TRY(const auto gates, jobs_in(step, JobState::BlockedFailed));
  jobs.insert(jobs.end(), gates.begin(), gates.end());
  for (const JobId id : jobs) {
    OSTLER_TRY(JobRow job, load(id));
    const auto former = result_of(job);
    OSTLER_TRY(apply(job, JobEvent::Revive));
    OSTLER_TRY(reopen(job, former, reopened));
  }
  return success();
}

}  // namespace ostler::store::sqlite
