// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "model/build_state.hpp"
#include "model/job_state.hpp"
#include "store/retention.hpp"
#include "store/sqlite/commands.hpp"
#include "store/sqlite/concurrency.hpp"
#include "store/sqlite/event_log.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/sessions.hpp"

namespace ostler::store::sqlite {
namespace {

/// Rows that one statement removes: together far below a millisecond. Of those with long texts
/// there are fewer.
constexpr std::int64_t kSmallRows = 50;
constexpr std::int64_t kLargeRows = 5;

constexpr std::string_view kState = "SELECT state FROM builds WHERE id = ?";
constexpr std::string_view kMarkRemoving = "UPDATE builds SET removing = 1 WHERE id = ?";
constexpr std::string_view kLogOfStep =
    "SELECT l.job_id, l.stored, j.sort_key FROM jobs j JOIN job_logs l ON l.job_id = j.id "
    "WHERE j.step_id = ? LIMIT 1";
constexpr std::string_view kLogBehind =
    "SELECT l.job_id, l.stored, j.sort_key FROM jobs j JOIN job_logs l ON l.job_id = j.id "
    "WHERE j.build_id = ? AND j.sort_key >= ? ORDER BY j.sort_key, j.id LIMIT 1";
constexpr std::string_view kRemoveChunks =
    "DELETE FROM log_chunks WHERE job_id = ?1 AND start IN "
    "(SELECT start FROM log_chunks WHERE job_id = ?1 ORDER BY start LIMIT ?2)";
constexpr std::string_view kEventsOfStep =
    "SELECT e.job_id FROM jobs j JOIN job_events e ON e.job_id = j.id WHERE j.step_id = ? LIMIT 1";
constexpr std::string_view kRemoveJobEvents =
    "DELETE FROM job_events WHERE job_id = ?1 AND sequence IN "
    "(SELECT sequence FROM job_events WHERE job_id = ?1 LIMIT ?2)";
/// Reads as empty, and takes no late chunks in.
constexpr std::string_view kEmptyLog =
    "INSERT INTO job_logs (job_id, readable, received, dropped, stored, complete) "
    "VALUES (?1, 0, 0, 0, 0, 1) ON CONFLICT (job_id) DO UPDATE SET readable = 0, received = 0, "
    "dropped = 0, stored = 0, complete = 1";
constexpr std::string_view kArtifacts =
    "SELECT id, upload_destination = '' FROM artifacts WHERE build_id = ? LIMIT ?";
constexpr std::string_view kNoteBlob =
    "INSERT INTO removed_blobs (kind, id) VALUES (?, ?) ON CONFLICT DO NOTHING";
constexpr std::string_view kRemoveAnnotations =
    "DELETE FROM annotations WHERE id IN (SELECT id FROM annotations WHERE build_id = ? LIMIT ?)";
constexpr std::string_view kRemoveEvents =
    "DELETE FROM build_events WHERE build_id = ?1 AND number IN "
    "(SELECT number FROM build_events WHERE build_id = ?1 LIMIT ?2)";
constexpr std::string_view kRemoveMetaData =
    "DELETE FROM meta_data WHERE build_id = ?1 AND key IN "
    "(SELECT key FROM meta_data WHERE build_id = ?1 LIMIT ?2)";
constexpr std::string_view kRemoveGroups =
    "DELETE FROM step_groups WHERE id IN "
    "(SELECT id FROM step_groups WHERE build_id = ? LIMIT ?)";
constexpr std::string_view kRemoveUploads =
    "DELETE FROM pipeline_uploads WHERE build_id = ?1 AND number IN "
    "(SELECT number FROM pipeline_uploads WHERE build_id = ?1 LIMIT ?2)";
constexpr std::string_view kMarkLogs = "UPDATE builds SET logs_removed = 1 WHERE id = ?";
constexpr std::string_view kMarkArtifacts = "UPDATE builds SET artifacts_removed = 1 WHERE id = ?";
constexpr std::string_view kRemoveTokens =
    "DELETE FROM tokens WHERE job_id IN (SELECT id FROM jobs WHERE step_id = ?)";
constexpr std::string_view kAgents =
    "SELECT DISTINCT agent_id FROM jobs WHERE step_id = ? AND agent_id IS NOT NULL";
constexpr std::string_view kRemovedBlobs = "SELECT kind, id FROM removed_blobs ";
constexpr std::string_view kInOrder = "ORDER BY kind, id LIMIT ?";
constexpr std::string_view kFirstStep =
    "SELECT id FROM steps WHERE build_id = ? ORDER BY sort_key LIMIT 1";

struct LogToRemove {
  JobId job;
  std::int64_t stored = 0;
  std::int64_t sort_key = 0;  ///< of its job
};

LogToRemove read_log_to_remove(Row& row) {
  LogToRemove log;
  row.take(log.job, log.stored, log.sort_key);
  return log;
}

/// Removes from one build, in small statements, until its time is over.
class Removal {
 public:
  Removal(Connection& database, const RemoveExpired& command)
      : database_(database),
        build_(command.expired.build),
        now_(command.now),
        end_(std::chrono::steady_clock::now() + command.slice) {}

  Result<RemovedSlice> run(Expiry what) {
    OSTLER_TRY(const bool done, remove(what));
    return RemovedSlice{.more = !done, .follow_ups = std::move(follow_ups_)};
  }

 private:
  /// What each of these returns: whether there is nothing left, or else time is over.
  using Done = Result<bool>;

  Done remove(Expiry what) {
    if (what == Expiry::Build) return remove_build();
    const bool is_logs = what == Expiry::Logs;
    OSTLER_TRY(const bool done, is_logs ? remove_logs() : remove_artifacts());
    if (done) {
      OSTLER_TRY(run_on_build(is_logs ? kMarkLogs : kMarkArtifacts));
    }
    return done;
  }

  bool is_over() const { return std::chrono::steady_clock::now() >= end_; }

  Result<void> run_on_build(std::string_view sql) {
    OSTLER_TRY(database_.run(sql, build_));
    return success();
  }

  /// Goes on behind what it has removed: looking for a log from the front would pass more and more
  /// jobs that have none left.
  Done remove_logs() {
    std::int64_t reached = std::numeric_limits<std::int64_t>::min();
    while (!is_over()) {
      OSTLER_TRY(const auto log, database_.find(kLogBehind, read_log_to_remove, build_, reached));
      if (!log) return true;
      reached = log->sort_key;
      OSTLER_TRY(remove_log(*log));
    }
    return false;
  }

  /// Or the first part of a long one.
  Result<void> remove_log(const LogToRemove& log) {
    OSTLER_TRY(const auto chunks, database_.run(kRemoveChunks, log.job, kSmallRows));
    if (chunks == kSmallRows) return success();
    if (log.stored > 0) {
      OSTLER_TRY(database_.run(kNoteBlob, BlobKind::Log, log.job));
    }
    OSTLER_TRY(database_.run("DELETE FROM job_logs WHERE job_id = ?", log.job));
    return success();
  }

  Done remove_artifacts() {
    const auto read_artifact = [](Row& row) {
      std::pair<ArtifactId, bool> artifact;
      row.take(artifact.first, artifact.second);
      return artifact;
    };
    while (!is_over()) {
      OSTLER_TRY(const auto some, database_.list(kArtifacts, read_artifact, build_, kSmallRows));
      if (some.empty()) return true;
      for (const auto& [id, is_ours] : some) {
        if (is_ours) {
          OSTLER_TRY(database_.run(kNoteBlob, BlobKind::Artifact, id));
        }
        OSTLER_TRY(database_.run("DELETE FROM artifacts WHERE id = ?", id));
      }
    }
    return false;
  }

  /// From the leaves to the root.
  Done remove_build() {
    OSTLER_TRY(follow_ups_, fail_trigger_of(database_, build_, now_));
    OSTLER_TRY(run_on_build(kMarkRemoving));
    OSTLER_TRY(const bool artifacts, remove_artifacts());
    if (!artifacts) return false;
    for (const auto sql : {kRemoveAnnotations, kRemoveMetaData, kRemoveUploads}) {
      OSTLER_TRY(const bool done, remove_rows(sql, kLargeRows));
      if (!done) return false;
    }
    OSTLER_TRY(const bool events, remove_rows(kRemoveEvents, kSmallRows));
    if (!events) return false;
    OSTLER_TRY(const bool steps, remove_steps());
    if (!steps) return false;
    OSTLER_TRY(const bool groups, remove_rows(kRemoveGroups, kSmallRows));
    if (!groups) return false;
    OSTLER_TRY(run_on_build("DELETE FROM builds WHERE id = ?"));
    return true;
  }

  Done remove_rows(std::string_view sql, std::int64_t at_once) {
    while (!is_over()) {
      OSTLER_TRY(const auto count, database_.run(sql, build_, at_once));
      if (count < at_once) return true;
    }
    return false;
  }

  Done remove_steps() {
    while (!is_over()) {
      OSTLER_TRY(const auto step, database_.find(kFirstStep, read_value<StepId>, build_));
      if (!step) return true;
      OSTLER_TRY(const auto log, database_.find(kLogOfStep, read_log_to_remove, *step));
      if (log) {
        OSTLER_TRY(remove_log(*log));
        continue;
      }
      OSTLER_TRY(const auto told, database_.find(kEventsOfStep, read_value<JobId>, *step));
      OSTLER_TRY(told ? remove_job_events(*told) : remove_step(*step));
    }
    return false;
  }

  /// Or the first of many.
  Result<void> remove_job_events(JobId job) {
    OSTLER_TRY(database_.run(kRemoveJobEvents, job, kLargeRows));
    return success();
  }

  Result<void> remove_step(StepId step) {
    OSTLER_TRY(database_.run(kRemoveTokens, step));
    OSTLER_TRY(database_.run("DELETE FROM step_edges WHERE dependency_id = ?", step));
    OSTLER_TRY(database_.run("DELETE FROM step_edges WHERE dependent_id = ?", step));
    OSTLER_TRY(const auto agents, database_.list(kAgents, read_value<AgentId>, step));
    OSTLER_TRY(const auto groups, groups_of_step(database_, step));
    OSTLER_TRY(database_.run("DELETE FROM jobs WHERE step_id = ?", step));
    for (const AgentId agent : agents) {
      OSTLER_TRY(forget_unused_agent(database_, agent));
    }
    for (const auto group : groups) {
      OSTLER_TRY(forget_unused_group(database_, group));
    }
    OSTLER_TRY(database_.run("DELETE FROM steps WHERE id = ?", step));
    return success();
  }

  Connection& database_;
  BuildId build_;
  Timestamp now_;
  FollowUps follow_ups_;
  std::chrono::steady_clock::time_point end_;
};

}  // namespace

Result<RemovedSlice> remove_expired(Connection& database, const RemoveExpired& command) {
  OSTLER_TRY(const auto state,
             database.find(kState, read_value<model::BuildState>, command.expired.build));
  if (!state) return RemovedSlice{};
  if (!is_at_rest(*state)) {
    return Error(Errc::Conflict, "build is " + std::string(to_string(*state)) +
                                     ": only what is over can be removed");
  }
  return Removal(database, command).run(command.expired.what);
}

Result<void> remove_artifact(Connection& database, const RemoveArtifact& command) {
  OSTLER_TRY(const auto artifact, load_artifact(database, command.artifact));
  OSTLER_TRY(const auto state, load_job_state(database, artifact.job));
  if (artifact.state == model::ArtifactState::New && !is_terminal(state)) {
    return Error(Errc::Conflict, "its job is uploading it");
  }
  if (artifact.upload_destination.empty()) {
    OSTLER_TRY(database.run(kNoteBlob, BlobKind::Artifact, artifact.id));
  }
  OSTLER_TRY(database.run("DELETE FROM artifacts WHERE id = ?", artifact.id));
  EventLog events(database, command.now);
  events.artifact_removed(artifact);
  return events.write(artifact.build);
}

Result<RemovedSlice> remove_log(Connection& database, const RemoveLog& command) {
  const auto end = std::chrono::steady_clock::now() + command.slice;
  OSTLER_TRY(const auto state, require(database.find("SELECT state FROM jobs WHERE id = ?",
                                                     read_value<model::JobState>, command.job),
                                       "job"));
  if (!is_terminal(state)) {
    return Error(Errc::Conflict, "job is " + std::string(to_string(state)) +
                                     ": only the log of one that is over can be removed");
  }
  OSTLER_TRY(const auto stored,
             database.find("SELECT stored FROM job_logs WHERE job_id = ?", read_int, command.job));
  if (stored.value_or(0) > 0) {
    OSTLER_TRY(database.run(kNoteBlob, BlobKind::Log, command.job));
  }
  OSTLER_TRY(database.run(kEmptyLog, command.job));
  while (std::chrono::steady_clock::now() < end) {
    OSTLER_TRY(const auto chunks, database.run(kRemoveChunks, command.job, kSmallRows));
    if (chunks < kSmallRows) return RemovedSlice{};
  }
  return RemovedSlice{.more = true};
}

Result<std::vector<BlobName>> list_removed_blobs(Connection& database,
                                                 const std::optional<BlobName>& after,
                                                 std::int64_t limit) {
  const auto read = [](Row& row) {
    BlobName name;
    row.take(name.kind, name.id);
    return name;
  };
  if (!after) return database.list(sql(kRemovedBlobs, kInOrder), read, limit);
  return database.list(sql(sql(kRemovedBlobs, "WHERE (kind, id) > (?, ?) "), kInOrder), read,
                       after->kind, after->id, limit);
}

Result<void> forget_removed_blobs(Connection& database, const std::vector<BlobName>& blobs) {
  for (const BlobName& blob : blobs) {
    OSTLER_TRY(
        database.run("DELETE FROM removed_blobs WHERE kind = ? AND id = ?", blob.kind, blob.id));
  }
  return success();
}

}  // namespace ostler::store::sqlite
