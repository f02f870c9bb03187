// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "model/slug.hpp"
#include "store/sqlite/commands.hpp"
#include "store/sqlite/paging.hpp"
#include "store/sqlite/pipeline_parts.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO pipelines (id, organization_id, cluster_id, name, slug, repository, "
    "configuration, description, default_branch, branch_configuration, provider, visibility, "
    "emoji, color, env, tags, allow_rebuilds, skip_queued_branch_builds, "
    "cancel_running_branch_builds, skip_queued_branch_builds_filter, "
    "cancel_running_branch_builds_filter, default_command_step_timeout, "
    "maximum_command_step_timeout, created_by, created_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kUpdate =
    "UPDATE pipelines SET cluster_id = ?, name = ?, slug = ?, repository = ?, configuration = ?, "
    "description = ?, default_branch = ?, branch_configuration = ?, provider = ?, visibility = ?, "
    "emoji = ?, color = ?, env = ?, tags = ?, allow_rebuilds = ?, skip_queued_branch_builds = ?, "
    "cancel_running_branch_builds = ?, skip_queued_branch_builds_filter = ?, "
    "cancel_running_branch_builds_filter = ?, default_command_step_timeout = ?, "
    "maximum_command_step_timeout = ? WHERE id = ?";
constexpr std::string_view kKeep =
    "UPDATE pipelines SET keep_builds_days = ?2, keep_logs_days = ?3, keep_artifacts_days = ?4, "
    "keep_newest_builds = ?5, keep_newest_logs = ?6, keep_newest_artifacts = ?7 WHERE id = ?1";
constexpr std::string_view kInOrganization = "WHERE p.organization_id = ?1 ";
constexpr std::string_view kMeant =
    "AND (?2 = '' OR instr(lower(p.name), lower(?2)) > 0) "
    "AND (?3 = '' OR instr(lower(p.repository), lower(?3)) > 0) "
    "AND (?6 IS NULL OR (p.archived_at IS NOT NULL) = ?6) "
    "ORDER BY p.created_at DESC, p.id DESC LIMIT ?4 OFFSET ?5";
/// The index folds the letters of all scripts: what it finds is looked at. The "+" keeps SQLite
/// from looking at all pipelines of the organization instead.
constexpr std::string_view kFew =
    "WITH few (id) AS MATERIALIZED (SELECT p.id FROM pipeline_parts "
    "CROSS JOIN pipeline_numbers ON number = pipeline_parts.rowid "
    "CROSS JOIN pipelines p ON p.id = pipeline_id "
    "WHERE pipeline_parts MATCH ?7 AND +p.organization_id = ?1 ";
constexpr std::string_view kOfFew = "WHERE p.id IN few ORDER BY p.created_at DESC, p.id DESC";
/// Builds in a state that is not terminal are few, whatever the history.
constexpr std::string_view kCounts =
    "SELECT count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE state <> 1), "
    "coalesce(sum(with_agent_jobs), 0), coalesce(sum(open_jobs), 0) FROM builds "
    "WHERE pipeline_id = ? AND state IN (1, 2, 3, 6)";
constexpr std::string_view kScheduledJobs =
    "SELECT count(*) FROM builds b CROSS JOIN jobs j INDEXED BY jobs_by_build "
    "ON j.build_id = b.id "
    "WHERE b.pipeline_id = ? AND b.state IN (1, 2, 3, 6) AND j.state = 3";

Result<void> check(const model::PipelineSettings& settings) {
  if (settings.name.empty()) return Error(Errc::UserFault, "a pipeline needs a name");
  return model::check_slug(settings.slug);
}

Result<void> require_cluster(Connection& database, ClusterId cluster) {
  OSTLER_TRY(require(database.find("SELECT 1 FROM clusters WHERE id = ? AND deleted_at IS NULL",
                                   read_int, cluster),
                     "cluster"));
  return success();
}

/// What the database said about a name or slug, in words.
Error explained(Error error, const model::PipelineSettings& settings) {
  if (error.code() != Errc::Conflict) return error;
  return Error(Errc::Conflict, "a pipeline with the name \"" + settings.name + "\" or the slug \"" +
                                   settings.slug + "\" exists already");
}

Result<void> insert(Connection& database, const CreatePipeline& command, PipelineId id) {
  const model::PipelineSettings& set = command.settings;
  OSTLER_TRY(require_cluster(database, command.cluster));
  OSTLER_TRY(database.run(kInsert, id, command.organization, command.cluster, set.name, set.slug,
                          set.repository, set.configuration, set.description, set.default_branch,
                          set.branch_configuration, set.provider, set.visibility, set.emoji,
                          set.color, set.env, set.tags, set.allow_rebuilds,
                          set.skip_queued_branch_builds, set.cancel_running_branch_builds,
                          set.skip_queued_branch_builds_filter,
                          set.cancel_running_branch_builds_filter, set.default_command_step_timeout,
                          set.maximum_command_step_timeout, command.created_by, command.now));
  return success();
}

Result<void> keep(Connection& database, PipelineId id, const model::Retention& what) {
  OSTLER_TRY(database.run(kKeep, id, what.builds_days, what.logs_days, what.artifacts_days,
                          what.newest_builds, what.newest_logs, what.newest_artifacts));
  return success();
}

Result<void> replace(Connection& database, const UpdatePipeline& command) {
  const model::PipelineSettings& set = command.settings;
  OSTLER_TRY(require_cluster(database, command.cluster));
  OSTLER_TRY(database.run(
      kUpdate, command.cluster, set.name, set.slug, set.repository, set.configuration,
      set.description, set.default_branch, set.branch_configuration, set.provider, set.visibility,
      set.emoji, set.color, set.env, set.tags, set.allow_rebuilds, set.skip_queued_branch_builds,
      set.cancel_running_branch_builds, set.skip_queued_branch_builds_filter,
      set.cancel_running_branch_builds_filter, set.default_command_step_timeout,
      set.maximum_command_step_timeout, command.pipeline));
  return success();
}

Result<model::Pipeline> with_counts(Connection& database, Result<model::Pipeline> found) {
  if (!found) return found;
  model::PipelineCounts counts;
  const auto read_counts = [&](Row& row) {
    row.take(counts.scheduled_builds, counts.running_builds, counts.running_jobs,
             counts.waiting_jobs);
    return true;
  };
  const PipelineId id = found.value().id;
  OSTLER_TRY(database.find(kCounts, read_counts, id));
  OSTLER_TRY(const auto scheduled, database.find(kScheduledJobs, read_int, id));
  counts.scheduled_jobs = scheduled.value_or(0);
  counts.waiting_jobs -= counts.scheduled_jobs + counts.running_jobs;
  found.value().counts = counts;
  return found;
}

Result<std::vector<model::Pipeline>> meant_by(Connection& database, const PipelineFilter& filter,
                                              const Window& window) {
  const auto list = [&](const std::string& text, const auto&... question) {
    return database.list(text, read_pipeline, filter.organization, filter.name, filter.repository,
                         window.limit, window.offset, filter.is_archived, question...);
  };
  const std::string question = parts_question(filter);
  if (!question.empty()) {
    OSTLER_TRY(const bool are_few, has_few_answers(database, question));
    if (are_few) {
      const std::string few = sql(kFew, kMeant) + ") ";
      return list(few + sql(kSelectPipeline, kOfFew), question);
    }
  }
  return list(sql(kSelectPipeline, kInOrganization) + std::string(kMeant));
}

}  // namespace

Result<model::Pipeline> create_pipeline(Connection& database, const CreatePipeline& command) {
  OSTLER_TRY(check(command.settings));
  const PipelineId id = PipelineId::make();
  const auto inserted = insert(database, command, id);
  if (!inserted) return explained(inserted.error(), command.settings);
  OSTLER_TRY(keep(database, id, command.settings.retention));
  if (command.settings.poll_seconds) {
    return set_poll(database, {id, command.settings.poll_seconds, command.now});
  }
  return load_pipeline(database, id);
}

Result<model::Pipeline> update_pipeline(Connection& database, const UpdatePipeline& command) {
  OSTLER_TRY(check(command.settings));
  OSTLER_TRY(const auto before, load_pipeline(database, command.pipeline));
  const auto& expected = command.before;
  if (expected && (expected->settings != before.settings || expected->cluster != before.cluster)) {
    return Error(Errc::Conflict, "the pipeline was changed meanwhile")
        .with_native(kChangedMeanwhile);
  }
  const auto replaced = replace(database, command);
  if (!replaced) return explained(replaced.error(), command.settings);
  OSTLER_TRY(keep(database, command.pipeline, command.settings.retention));
  const bool is_elsewhere = before.settings.repository != command.settings.repository;
  const auto& poll = command.settings.poll_seconds;
  if (is_elsewhere) {
    OSTLER_TRY(set_poll(database, {command.pipeline, std::nullopt, command.now}));
  }
  if (is_elsewhere || command.sets_poll) {
    return set_poll(database, {command.pipeline, poll, command.now});
  }
  return load_pipeline(database, command.pipeline);
}

Result<void> delete_pipeline(Connection& database, const PipelineId& id) {
  OSTLER_TRY(const auto build,
             database.find("SELECT 1 FROM builds WHERE pipeline_id = ? LIMIT 1", read_int, id));
  if (build) return Error(Errc::Conflict, "the pipeline has builds");
  OSTLER_TRY(const auto deleted, database.run("DELETE FROM pipelines WHERE id = ?", id));
  OSTLER_TRY(database.run("DELETE FROM plugin_states WHERE owner = ?", id));
  if (deleted == 0) return Error(Errc::NotFound, "no such pipeline");
  return success();
}

Result<model::Pipeline> load_pipeline(Connection& database, PipelineId id) {
  return with_counts(
      database, require(database.find(sql(kSelectPipeline, "WHERE p.id = ?"), read_pipeline, id),
                        "pipeline"));
}

Result<model::Pipeline> load_pipeline_by_slug(Connection& database, OrganizationId organization,
                                              const std::string& slug) {
  return with_counts(
      database,
      require(database.find(sql(kSelectPipeline, "WHERE p.organization_id = ? AND p.slug = ?"),
                            read_pipeline, organization, slug),
              "pipeline"));
}

Result<Page<model::Pipeline>> list_pipelines(Connection& database, const PipelineFilter& filter,
                                             const PageRequest& page) {
  OSTLER_TRY(const auto window, window_of(page));
  OSTLER_TRY(auto rows, meant_by(database, filter, window));
  for (auto& pipeline : rows) {
    OSTLER_TRY(pipeline, with_counts(database, std::move(pipeline)));
  }
  return page_of(Result<std::vector<model::Pipeline>>(std::move(rows)), page);
}

}  // namespace ostler::store::sqlite
