// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/database_file.hpp"

#include <utility>

#include "files/file.hpp"
#include "store/sqlite/commands.hpp"
#include "store/sqlite/job_moves.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/schema.hpp"

namespace ostler::store {
namespace {

using sqlite::Access;
using sqlite::Connection;
using sqlite::read_int;
using sqlite::Row;

/// States 1 and 2: declared, and known to be there.
constexpr std::string_view kCount =
    "SELECT (SELECT count(*) FROM job_logs WHERE stored > 0), "
    "(SELECT count(*) FROM artifacts WHERE state = 2 AND upload_destination = ''), "
    "(SELECT coalesce(sum(stored), 0) FROM job_logs) + (SELECT coalesce(sum(file_size), 0) "
    "FROM artifacts WHERE state = 2 AND upload_destination = '')";
/// Apart from the rest: a database that no hub of this version has opened has no such table.
constexpr std::string_view kHasPlugins =
    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'plugins'";
constexpr std::string_view kPluginBytes = "SELECT coalesce(sum(size), 0) FROM plugins";
constexpr std::string_view kPlugins =
    "SELECT id, size, 1 FROM plugins WHERE id > ? ORDER BY id LIMIT ?";
constexpr std::string_view kPlugin = "SELECT 1 FROM plugins WHERE id = ? AND size = ?";
constexpr std::string_view kLogs =
    "SELECT job_id, stored, 1 FROM job_logs WHERE stored > 0 AND job_id > ? "
    "ORDER BY job_id LIMIT ?";
constexpr std::string_view kArtifacts =
    "SELECT id, file_size, state = 2 FROM artifacts WHERE state IN (1, 2) "
    "AND upload_destination = '' AND id > ? ORDER BY id LIMIT ?";
constexpr std::string_view kLog = "SELECT 1 FROM job_logs WHERE job_id = ? AND stored >= ?";
constexpr std::string_view kArtifact =
    "SELECT 1 FROM artifacts WHERE id = ? AND file_size = ? AND state = 2";

constexpr std::string_view kUnfinished =
    "SELECT id, state FROM builds WHERE state IN (1, 2, 3, 6) ORDER BY created_at, id";
constexpr std::string_view kHeldJobs =
    "SELECT id FROM jobs WHERE build_id = ? AND state IN (4, 5, 7, 9)";

std::string_view list_of(BlobKind kind) {
  switch (kind) {
    case BlobKind::Log: return kLogs;
    case BlobKind::Artifact: return kArtifacts;
    case BlobKind::Plugin: return kPlugins;
  }
  return {};
}

std::string_view one_of(BlobKind kind) {
  switch (kind) {
    case BlobKind::Log: return kLog;
    case BlobKind::Artifact: return kArtifact;
    case BlobKind::Plugin: return kPlugin;
  }
  return {};
}

struct UnfinishedBuild {
  BuildId id;
  model::BuildState state = model::BuildState::Scheduled;
};

UnfinishedBuild read_unfinished(Row& row) {
  UnfinishedBuild build;
  row.take(build.id, build.state);
  return build;
}

std::string read_broken_reference(Row& row) {
  std::string table;
  std::optional<std::int64_t> row_id;
  std::string parent;
  row.take(table, row_id, parent);
  return "a row of " + table + " refers to one of " + parent + " that is not there";
}

Result<void> check_existing(const std::filesystem::path& file) {
  std::error_code ec;
  if (std::filesystem::is_regular_file(file, ec)) return success();
  return Error(Errc::NotFound, "there is no database " + file.string());
}

Result<void> end_build(Connection& database, const UnfinishedBuild& build, Timestamp now,
                       const std::string& reason) {
  if (build.state != model::BuildState::Canceling) {
    OSTLER_TRY(sqlite::cancel_build(database, {build.id, reason, now}));
  }
  sqlite::JobMoves moves(database, now);
  OSTLER_TRY(const auto held, database.list(kHeldJobs, sqlite::read_value<JobId>, build.id));
  for (const JobId id : held) {
    OSTLER_TRY(auto job, moves.load(id));
    job.exit_status = -1;
    job.end_cause = model::EndCause::AgentLost;
    OSTLER_TRY(moves.move(job, model::JobEvent::Lose));
  }
  OSTLER_TRY(moves.finish());
  return success();
}

}  // namespace

Result<DatabaseFile> DatabaseFile::open(const std::filesystem::path& file) {
  OSTLER_TRY(check_existing(file));
  OSTLER_TRY(auto database, Connection::open(file, Access::ReadOnly));
  OSTLER_TRY(sqlite::check_is_store(database));
  return DatabaseFile(std::move(database));
}

Result<DatabaseFile> DatabaseFile::open_for_restore(const std::filesystem::path& file) {
  OSTLER_TRY(check_existing(file));
  OSTLER_TRY(auto database, Connection::open(file, Access::ReadWrite));
  OSTLER_TRY(sqlite::migrate(database));
  OSTLER_TRY(database.run_script("PRAGMA foreign_keys = ON"));
  return DatabaseFile(std::move(database));
}

Result<std::int64_t> DatabaseFile::version() {
  return sqlite::require(database_.find("PRAGMA user_version", read_int), "version");
}

Result<std::int64_t> DatabaseFile::size() {
  return sqlite::require(
      database_.find("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
                     read_int),
      "size");
}

Result<void> DatabaseFile::copy_to(const std::filesystem::path& file,
                                   const sqlite::CopyProgress& progress) {
  OSTLER_TRY(auto copy, Connection::open(file, Access::ReadWrite));
  OSTLER_TRY(database_.copy_into(copy, progress));
  return files::sync_directory(file.parent_path());
}

Result<std::vector<std::string>> DatabaseFile::faults() {
  auto found = database_.list("PRAGMA integrity_check(100)", sqlite::read_text);
  if (!found && found.error().code() == Errc::Corrupt) {
    return std::vector<std::string>{found.error().message()};
  }
  OSTLER_TRY(auto faults, std::move(found));
  if (faults.size() == 1 && faults.front() == "ok") faults.clear();
  if (!faults.empty()) return faults;
  return database_.list("SELECT * FROM pragma_foreign_key_check LIMIT 100", read_broken_reference);
}

Result<PromisedBlobs> DatabaseFile::count_promised_blobs() {
  const auto read = [](Row& row) {
    PromisedBlobs count;
    row.take(count.logs, count.artifacts, count.bytes);
    return count;
  };
  OSTLER_TRY(auto count, sqlite::require(database_.find(kCount, read), "count"));
  OSTLER_TRY(const bool has_plugins, has_plugins_table());
  if (!has_plugins) return count;
  OSTLER_TRY(const auto bytes, sqlite::require(database_.find(kPluginBytes, read_int), "count"));
  count.bytes += bytes;
  return count;
}

Result<std::vector<PromisedBlob>> DatabaseFile::promised_blobs(BlobKind kind, const Uuid& after,
                                                               std::int64_t limit) {
  if (kind == BlobKind::Plugin) {
    OSTLER_TRY(const bool has_plugins, has_plugins_table());
    if (!has_plugins) return std::vector<PromisedBlob>();
  }
  const auto read = [kind](Row& row) {
    PromisedBlob blob{.name = {kind, {}}};
    row.take(blob.name.id, blob.size, blob.is_certain);
    return blob;
  };
  return database_.list(list_of(kind), read, after, limit);
}

Result<bool> DatabaseFile::still_promises(const PromisedBlob& blob) {
  OSTLER_TRY(const auto found,
             database_.find(one_of(blob.name.kind), read_int, blob.name.id, blob.size));
  return found.has_value();
}

Result<bool> DatabaseFile::has_plugins_table() {
  OSTLER_TRY(const auto found, database_.find(kHasPlugins, read_int));
  return found.has_value();
}

Result<std::int64_t> DatabaseFile::end_unfinished_builds(Timestamp now, const std::string& reason) {
  OSTLER_TRY(const auto builds, database_.list(kUnfinished, read_unfinished));
  OSTLER_TRY(database_.run_script("BEGIN IMMEDIATE"));
  for (const auto& build : builds) {
    OSTLER_TRY(end_build(database_, build, now, reason));
  }
  OSTLER_TRY(database_.run_script("COMMIT"));
  return static_cast<std::int64_t>(builds.size());
}

Result<void> DatabaseFile::skip_build_numbers(std::int64_t count) {
  OSTLER_TRY(
      database_.run("UPDATE pipelines SET last_build_number = last_build_number + ?", count));
  return success();
}

Result<void> DatabaseFile::take_build_numbers(DatabaseFile& other) {
  const auto read = [](Row& row) {
    std::pair<PipelineId, std::int64_t> last;
    row.take(last.first, last.second);
    return last;
  };
  OSTLER_TRY(const auto given,
             other.database_.list("SELECT id, last_build_number FROM pipelines", read));
  for (const auto& [pipeline, number] : given) {
    OSTLER_TRY(database_.run(
        "UPDATE pipelines SET last_build_number = max(last_build_number, ?) WHERE id = ?", number,
        pipeline));
  }
  return success();
}

}  // namespace ostler::store
