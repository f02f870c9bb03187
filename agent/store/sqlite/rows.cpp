// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {

const std::string_view kSelectOrganization =
    "SELECT id, slug, name, created_at FROM organizations ";
model::Organization read_organization(Row& row) {
  model::Organization organization;
  row.take(organization.id, organization.slug, organization.name, organization.created_at);
  return organization;
}

const std::string_view kSelectAgent =
    "SELECT id, cluster_id, queue_id, state, name, hostname, os, arch, version, build, user_agent, "
    "ip_address, machine_id, tags, features, priority, pid, ignore_in_dispatches, lease_seconds, "
    "lease_until, job_id, created_at, connected_at, heartbeat_at, disconnected_at, lost_at, "
    "last_job_finished_at, paused_at, pause_note, pause_due, stop_requested FROM agents ";
model::Agent read_agent(Row& row) {
  model::Agent agent;
  model::AgentDescription& about = agent.description;
  std::optional<Timestamp> paused_at;
  model::AgentPause pause;
  row.take(agent.id, agent.cluster, agent.queue, agent.state, about.name, about.hostname, about.os,
           about.arch, about.version, about.build, about.user_agent, about.ip_address,
           about.machine_id, about.tags, about.features, about.priority, about.pid,
           about.ignore_in_dispatches, agent.lease, agent.lease_until, agent.job, agent.created_at,
           agent.connected_at, agent.heartbeat_at, agent.disconnected_at, agent.lost_at,
           agent.last_job_finished_at, paused_at, pause.note, pause.until, agent.stop_requested);
  if (paused_at) {
    pause.since = *paused_at;
    agent.pause = std::move(pause);
  }
  return agent;
}

std::optional<model::User> take_user(Row& row) {
  std::optional<UserId> id;
  model::User user;
  row.take(id, user.name, user.email, user.created_at);
  if (!id) return std::nullopt;
  user.id = *id;
  return user;
}

const std::string_view kSelectPipeline =
    "SELECT p.id, p.organization_id, p.cluster_id, p.name, p.slug, p.repository, p.configuration, "
    "p.description, p.default_branch, p.branch_configuration, p.provider, p.visibility, p.emoji, "
    "p.color, p.env, p.tags, p.allow_rebuilds, p.skip_queued_branch_builds, "
    "p.cancel_running_branch_builds, p.skip_queued_branch_builds_filter, "
    "p.cancel_running_branch_builds_filter, p.default_command_step_timeout, "
    "p.maximum_command_step_timeout, p.poll_seconds, p.keep_builds_days, "
    "p.keep_logs_days, p.keep_artifacts_days, p.keep_newest_builds, p.keep_newest_logs, "
    "p.keep_newest_artifacts, p.created_at, p.archived_at, u.id, u.name, u.email, u.created_at "
    "FROM pipelines p LEFT JOIN users u ON u.id = p.created_by ";
model::Pipeline read_pipeline(Row& row) {
  model::Pipeline pipeline;
  model::PipelineSettings& set = pipeline.settings;
  model::Retention& keep = set.retention;
  row.take(pipeline.id, pipeline.organization, pipeline.cluster, set.name, set.slug, set.repository,
           set.configuration, set.description, set.default_branch, set.branch_configuration,
           set.provider, set.visibility, set.emoji, set.color, set.env, set.tags,
           set.allow_rebuilds, set.skip_queued_branch_builds, set.cancel_running_branch_builds,
           set.skip_queued_branch_builds_filter, set.cancel_running_branch_builds_filter,
           set.default_command_step_timeout, set.maximum_command_step_timeout, set.poll_seconds,
           keep.builds_days, keep.logs_days, keep.artifacts_days, keep.newest_builds,
           keep.newest_logs, keep.newest_artifacts, pipeline.created_at, pipeline.archived_at);
  pipeline.created_by = take_user(row);
  return pipeline;
}

const std::string_view kSelectBuild =
    "SELECT b.id, b.pipeline_id, b.number, b.state, b.source, b.commit_ref, b.branch, b.message, "
    "b.tag, b.env, b.clean_checkout, b.author_name, b.author_email, b.author_username, "
    "b.pull_request_id, b.pull_request_base_branch, b.pull_request_repository, b.open_jobs, "
    "b.waiting_jobs, b.with_agent_jobs, b.blocked_jobs, b.executed_jobs, b.hard_failed_jobs, "
    "b.blocked_state, b.cancel_reason, b.created_at, "
    "b.scheduled_at, b.started_at, b.failing_at, b.finished_at, b.last_event, b.triggered_from_id, "
    "b.triggered_from_number, b.triggered_from_slug, b.triggered_by, b.rebuilt_from_id, "
    "b.rebuilt_from_number, u.id, u.name, u.email, "
    "u.created_at FROM builds b LEFT JOIN users u ON u.id = b.creator_id ";
namespace {

std::optional<model::BuildOrigin> take_trigger_origin(Row& row) {
  std::optional<BuildId> id;
  std::optional<std::int64_t> number;
  std::optional<std::string> slug;
  std::optional<JobId> job;
  row.take(id, number, slug, job);
  if (!id) return std::nullopt;
  return model::BuildOrigin{*id, number.value_or(0), slug.value_or(""), job};
}

}  // namespace

std::optional<model::TriggeredBuild> take_triggered_build(Row& row) {
  std::optional<BuildId> id;
  std::optional<std::int64_t> number;
  std::optional<std::string> slug;
  std::optional<model::BuildState> state;
  row.take(id, number, slug, state);
  if (!id || !state) return std::nullopt;
  return model::TriggeredBuild{*id, number.value_or(0), slug.value_or(""), *state};
}

std::optional<model::PromisedFailure> take_promised_failure(Row& row) {
  std::optional<int> exit_status;
  std::string reason;
  row.take(exit_status, reason);
  if (!exit_status) return std::nullopt;
  return model::PromisedFailure{*exit_status, std::move(reason)};
}

model::Build read_build(Row& row) {
  model::Build build;
  model::BuildRequest& request = build.request;
  std::optional<std::string> author_name;
  std::optional<std::string> pull_request_id;
  model::Author author;
  model::PullRequest pull_request;
  row.take(build.id, build.pipeline, build.number, build.state, build.source, request.commit,
           request.branch, request.message, request.tag, request.env, request.clean_checkout,
           author_name, author.email, author.username, pull_request_id, pull_request.base_branch,
           pull_request.repository, build.counts.open, build.counts.waiting,
           build.counts.with_agent, build.counts.blocked, build.counts.executed,
           build.counts.hard_failed, build.blocked_state, build.cancel_reason, build.created_at,
           build.scheduled_at, build.started_at, build.failing_at, build.finished_at,
           build.last_event);
  if (author_name) {
    author.name = *author_name;
    request.author = author;
  }
  if (pull_request_id) {
    pull_request.id = *pull_request_id;
    request.pull_request = pull_request;
  }
  build.triggered_from = take_trigger_origin(row);
  std::optional<BuildId> rebuilt_from;
  std::optional<std::int64_t> rebuilt_number;
  row.take(rebuilt_from, rebuilt_number);
  if (rebuilt_from) {
    build.rebuilt_from = {
        .id = *rebuilt_from, .number = rebuilt_number.value_or(0), .pipeline = {}, .job = {}};
  }
  build.creator = take_user(row);
  return build;
}

namespace {

std::optional<model::StepGroup> take_group(Row& row) {
  std::optional<StepId> id;
  model::StepGroup group;
  row.take(id, group.key, group.label);
  if (!id) return std::nullopt;
  group.id = *id;
  return group;
}

/// Makes the texts of a step those of one of its jobs.
void vary(model::Step& step, const model::Variation& variation) {
  step.label = model::varied_label(std::move(step.label), variation);
  step.command = model::varied(std::move(step.command), variation);
  for (auto& [name, value] : step.env) value = model::varied(std::move(value), variation);
  vary_rules(step.agent_query_rules, variation.matrix);
  step.carried.image = model::varied(std::move(step.carried.image), variation);
  for (auto* json : {&step.carried.plugins, &step.carried.secrets, &step.carried.checkout}) {
    *json = model::varied_json(std::move(*json), variation);
  }
}

}  // namespace

const std::string_view kSelectJob =
    "SELECT j.id, j.queue_id, j.state, j.priority, j.agent_id, j.exit_status, j.signal, "
    "j.signal_reason, j.end_cause, j.promised_exit_status, "
    "substr(j.promised_reason, 1, 500), j.created_at, "
    "j.scheduled_at, j.limited_at, j.runnable_at, "
    "j.started_at, "
    "j.finished_at, "
    "j.expired_at, s.id, s.build_id, s.sort_key, s.kind, s.key, s.label, s.command, s.env, "
    "s.agent_query_rules, s.artifact_paths, coalesce(j.timeout_in_minutes, s.timeout_in_minutes), "
    "j.parallel_index, j.parallel_total, j.matrix, j.soft_failed, j.broken_reason, "
    "j.retries_count, j.source_job_id, j.source_retry_type, j.retried_in_job_id, j.retry_type, "
    "u.id, u.name, u.email, u.created_at, s.gate, j.unblocked_at, v.id, v.name, v.email, "
    "v.created_at, g.id, g.key, g.label, s.image, s.plugins, s.signature, s.secrets, "
    "s.checkout, s.build_request, j.trigger_fault, t.id, t.number, p.slug, t.state "
    "FROM jobs j JOIN steps s ON s.id = j.step_id "
    "LEFT JOIN users u ON u.id = j.retried_by LEFT JOIN users v ON v.id = j.unblocked_by "
    "LEFT JOIN step_groups g ON g.id = s.group_id "
    "LEFT JOIN builds t ON t.id = j.triggered_build_id LEFT JOIN pipelines p ON p.id = "
    "t.pipeline_id ";
model::Job read_job(Row& row) {
  model::Job job;
  model::Attempt& attempt = job.attempt;
  std::optional<int> exit_status;
  model::Outcome outcome;
  row.take(job.id, job.queue, job.state, job.priority, job.agent, exit_status, outcome.signal,
           outcome.signal_reason, outcome.end_cause);
  job.promised_failure = take_promised_failure(row);
  row.take(job.created_at, job.scheduled_at, job.limited_at, job.runnable_at, job.started_at,
           job.finished_at, job.expired_at, job.step.id, job.step.build, job.step.position,
           job.step.kind, job.step.key, job.step.label, job.step.command, job.step.env,
           job.step.agent_query_rules, job.step.artifact_paths, job.step.timeout_in_minutes,
           job.variation.parallel_index, job.variation.parallel_total, job.variation.matrix,
           job.soft_failed, job.broken_reason, attempt.retries_count, attempt.source,
           attempt.source_retry_type, attempt.retried_in, attempt.retry_type);
  attempt.retried_by = take_user(row);
  std::optional<Timestamp> unblocked_at;
  row.take(job.step.gate, unblocked_at);
  auto unblocker = take_user(row);
  if (unblocked_at) job.unblocking = {std::move(unblocker), *unblocked_at};
  job.step.group = take_group(row);
  model::CarriedAttributes& carried = job.step.carried;
  row.take(carried.image, carried.plugins, carried.signature, carried.secrets, carried.checkout,
           job.step.trigger, job.trigger_fault);
  job.triggered = take_triggered_build(row);
  vary(job.step, job.variation);
  if (exit_status) {
    outcome.exit_status = *exit_status;
    job.outcome = outcome;
  }
  return job;
}

const std::string_view kSelectRunnable =
    "SELECT j.id, j.queue_id, s.agent_query_rules, j.priority, j.scheduled_at, j.sort_key, "
    "j.matrix "
    "FROM jobs j JOIN steps s ON s.id = j.step_id ";
RunnableJob read_runnable(Row& row) {
  RunnableJob job;
  model::Variables matrix;
  row.take(job.job, job.queue, job.agent_query_rules, job.priority, job.scheduled_at, job.position,
           matrix);
  vary_rules(job.agent_query_rules, matrix);
  return job;
}

const std::string_view kSelectAnnotation =
    "SELECT id, build_id, job_id, context, style, priority, body, created_at, updated_at "
    "FROM annotations ";
model::Annotation read_annotation(Row& row) {
  model::Annotation annotation;
  row.take(annotation.id, annotation.build, annotation.job, annotation.context, annotation.style,
           annotation.priority, annotation.body, annotation.created_at, annotation.updated_at);
  return annotation;
}

const std::string_view kSelectArtifact =
    "SELECT a.id, a.job_id, a.build_id, a.state, a.path, a.absolute_path, a.content_type, "
    "a.sha1sum, a.sha256sum, a.upload_destination, a.url, a.file_size, a.created_at "
    "FROM artifacts a ";
model::Artifact read_artifact(Row& row) {
  model::Artifact artifact;
  row.take(artifact.id, artifact.job, artifact.build, artifact.state, artifact.path,
           artifact.absolute_path, artifact.content_type, artifact.sha1sum, artifact.sha256sum,
           artifact.upload_destination, artifact.url, artifact.file_size, artifact.created_at);
  return artifact;
}

void vary_rules(std::vector<std::string>& rules, const model::MatrixValues& values) {
  for (std::string& rule : rules) rule = model::varied(std::move(rule), {.matrix = values});
}

std::int64_t read_int(Row& row) { return read_value<std::int64_t>(row); }
std::string read_text(Row& row) { return read_value<std::string>(row); }

std::string sql(std::string_view first, std::string_view second) {
  std::string text(first);
  text += second;
  return text;
}

}  // namespace ostler::store::sqlite
