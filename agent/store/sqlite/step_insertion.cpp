// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/step_insertion.hpp"

#include "store/sqlite/queries.hpp"
#include "store/sqlite/retry_text.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kInsertStep =
    "INSERT INTO steps (id, build_id, sort_key, kind, key, label, command, env, agent_query_rules, "
    "artifact_paths, timeout_in_minutes, unmet, uploader_id, is_full_wait, retry, obstructed, "
    "open_jobs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)";
constexpr std::string_view kInsertJob =
    "INSERT INTO jobs (id, build_id, step_id, queue_id, sort_key, state, created_at, "
    "scheduled_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kInsertEdge =
    "INSERT INTO step_edges (dependency_id, dependent_id, allow_failure) VALUES (?, ?, ?)";

std::optional<int> limited_timeout(std::optional<int> minutes, const model::PipelineSettings& set) {
  if (!minutes) minutes = set.default_command_step_timeout;
  const auto most = set.maximum_command_step_timeout;
  if (most && (!minutes || *minutes > *most)) return most;
  return minutes;
}

}  // namespace

Result<QueueId> StepInsertion::queue_of(const model::StepDefinition& step) {
  OSTLER_TRY(const auto queue, choose_queue(database_, pipeline_.cluster, step.agent_query_rules));
  return queue.id;
}

Result<JobRow> StepInsertion::insert(const NewStep& step) {
  const model::StepDefinition& definition = step.definition;
  const bool is_full_wait = definition.kind == model::StepKind::Wait && !definition.depends_on;
  JobRow job;
  job.id = JobId::make();
  job.build = build_;
  job.step = StepId::make();
  job.kind = definition.kind;
  job.timeout_in_minutes = limited_timeout(definition.timeout_in_minutes, pipeline_.settings);
  OSTLER_TRY(database_.run(kInsertStep, job.step, build_, step.sort_key, definition.kind,
                           definition.key, definition.label, definition.command, definition.env,
                           definition.agent_query_rules, definition.artifact_paths,
                           job.timeout_in_minutes, step.needs.unmet, step.uploader, is_full_wait,
                           retry_text(definition.retry), step.needs.obstructed));
  OSTLER_TRY(database_.run(kInsertJob, job.id, build_, job.step, step.queue, step.sort_key,
                           job.state, now_, step.scheduled_at));
  moves_.count_new(job);
  return job;
}

Result<void> StepInsertion::connect(StepId dependency, StepId dependent, bool allow_failure) {
  OSTLER_TRY(database_.run(kInsertEdge, dependency, dependent, allow_failure));
  return success();
}

}  // namespace ostler::store::sqlite
