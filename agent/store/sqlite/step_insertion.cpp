// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/step_insertion.hpp"

#include "store/sqlite/concurrency.hpp"
#include "store/sqlite/job_texts.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kInsertStep =
    "INSERT INTO steps (id, build_id, sort_key, kind, key, label, command, env, agent_query_rules, "
    "artifact_paths, timeout_in_minutes, unmet, uploader_id, is_full_wait, retry, obstructed, "
    "open_jobs, continue_on_failure, gate, group_id, image, plugins, signature, build_request, "
    "secrets, checkout) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
    "?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kCancelOnFailing =
    "UPDATE steps SET cancel_on_build_failing = 1 WHERE id = ?";
constexpr std::string_view kInsertJob =
    "INSERT INTO jobs (id, build_id, step_id, queue_id, sort_key, state, created_at, "
    "scheduled_at, priority, parallel_index, parallel_total, matrix, soft_fail, broken_reason) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kInsertGroup =
    "INSERT INTO step_groups (id, build_id, key, label) VALUES (?, ?, ?, ?)";
constexpr std::string_view kInsertEdge =
    "INSERT INTO step_edges (dependency_id, dependent_id, allow_failure) VALUES (?, ?, ?)";

/// Only what an agent runs has one.
std::optional<int> limited_timeout(const model::StepDefinition& step,
                                   const model::PipelineSettings& set) {
  if (step.kind != model::StepKind::Command) return std::nullopt;
  auto minutes = step.timeout_in_minutes;
  if (!minutes) minutes = set.default_command_step_timeout;
  const auto most = set.maximum_command_step_timeout;
  if (most && (!minutes || *minutes > *most)) return most;
  return minutes;
}

}  // namespace

Result<std::vector<StepId>> StepInsertion::insert_groups(
    const std::vector<model::GroupDefinition>& groups) {
  std::vector<StepId> ids;
  for (const model::GroupDefinition& group : groups) {
    ids.push_back(StepId::make());
    OSTLER_TRY(database_.run(kInsertGroup, ids.back(), build_, group.key, group.label));
  }
  return ids;
}

Result<InsertedStep> StepInsertion::insert(const NewStep& step) {
  const model::StepDefinition& definition = step.definition;
  const bool is_barrier =
      definition.kind == model::StepKind::Wait || definition.kind == model::StepKind::Block;
  const bool is_full_wait = is_barrier && !definition.depends_on;
  const auto jobs = model::jobs_of(definition);
  InsertedStep inserted{.id = StepId::make(), .jobs = {}, .broken = {}};
  OSTLER_TRY(database_.run(
      kInsertStep, inserted.id, build_, step.sort_key, definition.kind, definition.key,
      definition.label, definition.command, definition.env, definition.agent_query_rules,
      definition.artifact_paths, limited_timeout(definition, pipeline_.settings), step.needs.unmet,
      step.uploader, is_full_wait, retry_text(definition.retry), step.needs.obstructed,
      static_cast<std::int64_t>(jobs.size()), definition.continue_on_failure, definition.gate,
      step.group, definition.carried.image, definition.carried.plugins,
      definition.carried.signature, definition.trigger, definition.carried.secrets,
      definition.carried.checkout));
  if (definition.cancel_on_build_failing) {
    OSTLER_TRY(database_.run(kCancelOnFailing, inserted.id));
  }
  for (std::size_t at = 0; at < jobs.size(); ++at) {
    OSTLER_TRY(insert_job(step, jobs[at], step.queues.at(at), inserted));
  }
  return inserted;
}

Result<void> StepInsertion::insert_job(const NewStep& step, const model::StepJob& job,
                                       QueueId queue, InsertedStep& inserted) {
  JobRow row;
  row.id = JobId::make();
  row.build = build_;
  row.step = inserted.id;
  row.kind = step.definition.kind;
  row.timeout_in_minutes = limited_timeout(step.definition, pipeline_.settings);
  row.soft_fail = soft_fail_text(job.soft_fail);
  OSTLER_TRY(database_.run(kInsertJob, row.id, build_, row.step, queue, step.sort_key, row.state,
                           now_, step.scheduled_at, step.definition.priority,
                           job.variation.parallel_index, job.variation.parallel_total,
                           job.variation.matrix, row.soft_fail, job.broken_reason.value_or("")));
  if (step.definition.concurrency) {
    OSTLER_TRY(row.group,
               join_group(database_, pipeline_.organization, row.id, *step.definition.concurrency));
  }
  moves_.count_new(row);
  inserted.jobs.push_back(std::move(row));
  inserted.broken.push_back(job.broken_reason.has_value());
  return success();
}

Result<void> StepInsertion::begin(InsertedStep& step, std::optional<model::JobEvent> event) {
  for (std::size_t at = 0; at < step.jobs.size(); ++at) {
    if (step.broken[at]) {
      OSTLER_TRY(moves_.move(step.jobs[at], model::JobEvent::Break));
    } else if (event) {
      OSTLER_TRY(moves_.move(step.jobs[at], *event));
    }
  }
  return success();
}

Result<void> StepInsertion::connect(StepId dependency, StepId dependent, bool allow_failure) {
  OSTLER_TRY(database_.run(kInsertEdge, dependency, dependent, allow_failure));
  return success();
}

}  // namespace ostler::store::sqlite
