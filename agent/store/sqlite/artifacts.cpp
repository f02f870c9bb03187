// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include "model/artifact.hpp"
#include "store/path_glob.hpp"
#include "store/sqlite/commands.hpp"
#include "store/sqlite/event_log.hpp"
#include "store/sqlite/paging.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

/// What one search may look at and return.
constexpr std::int64_t kMostSearched = 100'000;

constexpr std::string_view kInsert =
    "INSERT INTO artifacts (id, job_id, build_id, batch, place, state, path, absolute_path, "
    "content_type, sha1sum, sha256sum, upload_destination, url, file_size, created_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kBatch =
    "SELECT id FROM artifacts WHERE job_id = ? AND batch = ? ORDER BY place";
constexpr std::string_view kBatchOf =
    "WHERE (a.job_id, a.batch) = (SELECT job_id, batch FROM artifacts WHERE id = ?) "
    "ORDER BY a.place";
constexpr std::string_view kOwnState = "SELECT state FROM artifacts WHERE id = ? AND job_id = ?";
constexpr std::string_view kOwner = "SELECT build_id FROM jobs WHERE id = ? AND agent_id = ?";
constexpr std::string_view kFinishedOfBuild =
    "WHERE a.build_id = ?1 AND a.state = 2 AND (?2 = '' OR a.job_id IN "
    "(SELECT j.id FROM jobs j JOIN steps s ON s.id = j.step_id "
    "WHERE j.build_id = ?1 AND (s.key = ?2 OR s.label = ?2 OR j.id = ?3))) "
    "AND (?5 OR NOT EXISTS (SELECT 1 FROM jobs r WHERE r.id = a.job_id "
    "AND r.retried_in_job_id IS NOT NULL)) "
    "ORDER BY a.created_at DESC, a.id DESC LIMIT ?4";
constexpr std::string_view kOfJob =
    "WHERE a.job_id = ?1 AND a.build_id = ?2 AND (?3 IS NULL OR a.state = ?3) "
    "ORDER BY a.created_at DESC, a.id DESC LIMIT ?4";
constexpr std::string_view kOfBuild =
    "WHERE a.build_id = ?1 AND (?2 IS NULL OR a.state = ?2) "
    "ORDER BY a.created_at DESC, a.id DESC LIMIT ?3";

Result<BuildId> build_of_own_job(Connection& database, JobId job, AgentId agent) {
  return require(database.find(kOwner, read_value<BuildId>, job, agent), "job");
}

Result<void> insert(Connection& database, const CreateArtifacts& command, BuildId build,
                    ArtifactId id, std::size_t place) {
  const model::Artifact& artifact = command.artifacts[place];
  OSTLER_TRY(database.run(kInsert, id, command.job, build, command.batch,
                          static_cast<std::int64_t>(place), model::ArtifactState::New,
                          artifact.path, artifact.absolute_path, artifact.content_type,
                          artifact.sha1sum, artifact.sha256sum, command.upload_destination,
                          artifact.url, artifact.file_size, command.now));
  return success();
}

/// Keeps what the pattern matches.
Result<void> keep_matching(std::vector<model::Artifact>& artifacts, const std::string& pattern) {
  OSTLER_TRY(const auto glob, PathGlob::parse(pattern));
  std::erase_if(artifacts,
                [&](const model::Artifact& artifact) { return !glob.matches(artifact.path); });
  return success();
}

/// Sorts by path, the newest of one path first.
void sort_by_path(std::vector<model::Artifact>& artifacts) {
  std::ranges::sort(artifacts, [](const model::Artifact& a, const model::Artifact& b) {
    return std::tie(a.path, b.created_at, b.id) < std::tie(b.path, a.created_at, a.id);
  });
}

void keep_newest_of_each_path(std::vector<model::Artifact>& artifacts) {
  sort_by_path(artifacts);
  const auto rest = std::ranges::unique(artifacts, {}, &model::Artifact::path);
  artifacts.erase(rest.begin(), rest.end());
}

Result<std::vector<model::Artifact>> load_candidates(Connection& database,
                                                     const ArtifactFilter& filter,
                                                     std::int64_t limit) {
  if (!filter.job) {
    return database.list(sql(kSelectArtifact, kOfBuild), read_artifact, filter.build, filter.state,
                         limit);
  }
  return database.list(sql(kSelectArtifact, kOfJob), read_artifact, *filter.job, filter.build,
                       filter.state, limit);
}

}  // namespace

Result<std::vector<ArtifactId>> create_artifacts(Connection& database,
                                                 const CreateArtifacts& command) {
  OSTLER_TRY(const auto build, build_of_own_job(database, command.job, command.agent));
  OSTLER_TRY(auto ids, database.list(kBatch, read_value<ArtifactId>, command.job, command.batch));
  if (!ids.empty()) {
    if (ids.size() == command.artifacts.size()) return ids;
    return Error(Errc::Conflict,
                 "artifact batch " + command.batch + " is known with another number of artifacts");
  }
  for (std::size_t place = 0; place < command.artifacts.size(); ++place) {
    ids.push_back(ArtifactId::make());
    OSTLER_TRY(insert(database, command, build, ids.back(), place));
  }
  return ids;
}

Result<bool> is_batch_declared(Connection& database, JobId job, const std::string& batch) {
  OSTLER_TRY(const auto known, database.find(kBatch, read_value<ArtifactId>, job, batch));
  return known.has_value();
}

Result<BuildId> update_artifacts(Connection& database, const UpdateArtifacts& command) {
  OSTLER_TRY(const auto build, build_of_own_job(database, command.job, command.agent));
  EventLog events(database, command.now);
  for (const auto& report : command.reports) {
    OSTLER_TRY(const auto state, require(database.find(kOwnState, read_value<model::ArtifactState>,
                                                       report.artifact, command.job),
                                         "artifact"));
    OSTLER_TRY(const auto next, transition(state, report.event));
    if (next == state) continue;
    OSTLER_TRY(database.run("UPDATE artifacts SET state = ? WHERE id = ?", next, report.artifact));
    events.artifact(build, report.artifact, command.job, next);
  }
  OSTLER_TRY(events.write(build));
  return build;
}

Result<std::vector<model::Artifact>> search_artifacts(Connection& database,
                                                      const SearchArtifacts& query) {
  const auto job = JobId::parse(query.scope);
  OSTLER_TRY(auto artifacts, database.list(sql(kSelectArtifact, kFinishedOfBuild), read_artifact,
                                           query.build, query.scope, job, kMostSearched,
                                           query.include_retried_jobs || job.has_value()));
  OSTLER_TRY(keep_matching(artifacts, query.query));
  if (query.include_duplicates) {
    sort_by_path(artifacts);
  } else {
    keep_newest_of_each_path(artifacts);
  }
  return artifacts;
}

Result<Page<model::Artifact>> list_artifacts(Connection& database, const ArtifactFilter& filter,
                                             const PageRequest& page) {
  OSTLER_TRY(const auto window, window_of(page));
  const bool has_pattern = !filter.path.empty();
  const std::int64_t limit = has_pattern ? kMostSearched : window.offset + window.limit;
  OSTLER_TRY(auto artifacts, load_candidates(database, filter, limit));
  if (has_pattern) {
    OSTLER_TRY(keep_matching(artifacts, filter.path));
  }
  const auto skipped = std::min(artifacts.size(), static_cast<std::size_t>(window.offset));
  artifacts.erase(artifacts.begin(), artifacts.begin() + static_cast<std::ptrdiff_t>(skipped));
  return page_of(Result<std::vector<model::Artifact>>(std::move(artifacts)), page);
}

Result<model::Artifact> load_artifact(Connection& database, ArtifactId id) {
  return require(database.find(sql(kSelectArtifact, "WHERE a.id = ?"), read_artifact, id),
                 "artifact");
}

Result<std::vector<model::Artifact>> load_artifact_batch(Connection& database, ArtifactId id) {
  OSTLER_TRY(auto batch, database.list(sql(kSelectArtifact, kBatchOf), read_artifact, id));
  if (batch.empty()) return Error(Errc::NotFound, "no such artifact");
  return batch;
}

}  // namespace ostler::store::sqlite
