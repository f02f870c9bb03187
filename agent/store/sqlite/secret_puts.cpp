// SPDX-License-Identifier: Apache-2.0
#include <string_view>
#include <utility>

#include "model/job_state.hpp"
#include "store/sqlite/plugin_records.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kJobAndCluster =
    "SELECT j.build_id, j.state, q.cluster_id FROM jobs j JOIN queues q ON q.id = j.queue_id "
    "WHERE j.id = ?";
constexpr std::string_view kMade = "SELECT 1 FROM secret_puts WHERE job_id = ? AND request = ?";
constexpr std::string_view kCountMade = "SELECT count(*) FROM secret_puts WHERE job_id = ?";
constexpr std::string_view kRemember = "INSERT INTO secret_puts (job_id, request) VALUES (?, ?)";
constexpr std::string_view kFind =
    "SELECT id, key, writable_by_jobs FROM secrets WHERE cluster_id = ? AND key = ?";
constexpr std::string_view kCountWritable =
    "SELECT count(*) FROM secrets WHERE cluster_id = ? AND writable_by_jobs";
constexpr std::string_view kMake =
    "INSERT INTO secrets (id, cluster_id, key, description, sealed, created_at, updated_at, "
    "writable_by_jobs, put_job, put_build, put_plugin) "
    "VALUES (?1, ?2, ?3, '', ?4, ?5, ?5, 1, ?6, ?7, ?8)";
constexpr std::string_view kSet =
    "UPDATE secrets SET sealed = ?2, updated_at = ?3, put_job = ?4, put_build = ?5, "
    "put_plugin = ?6 WHERE id = ?1";

struct KnownSecret {
  SecretId id;
  std::string key{};
  bool writable_by_jobs = false;
};

/// Of the job, which runs in that cluster.
Result<BuildId> build_of(Connection& database, const PutSecret& command) {
  struct Found {
    BuildId build;
    model::JobState state{};
    ClusterId cluster;
  };
  const auto read = [](Row& row) {
    Found found;
    row.take(found.build, found.state, found.cluster);
    return found;
  };
  OSTLER_TRY(const auto found, require(database.find(kJobAndCluster, read, command.job), "job"));
  if (model::is_terminal(found.state)) return Error(Errc::NotFound, "the job is over");
  if (found.cluster == command.cluster) return found.build;
  return Error(Errc::NotFound, "the job is of another cluster");
}

Result<void> remember_put(Connection& database, const PutSecret& command) {
  OSTLER_TRY(const auto made, require(database.find(kCountMade, read_int, command.job), "count"));
  if (made >= kMostPutsOfJob) {
    return Error(Errc::UserFault, "the job has set secrets 100 times; no job needs more");
  }
  OSTLER_TRY(database.run(kRemember, command.job, command.request));
  return success();
}

Result<void> make_secret(Connection& database, const PutSecret& command, BuildId build) {
  OSTLER_TRY(const auto count,
             require(database.find(kCountWritable, read_int, command.cluster), "count"));
  if (count >= kMostSecretsOfJobs) {
    return Error(Errc::UserFault,
                 "the cluster has 1,000 secrets that jobs may set already; delete some "
                 "(`ostler secret delete`)");
  }
  OSTLER_TRY(database.run(kMake, SecretId::make(), command.cluster, command.key, command.sealed,
                          command.now, command.job, build, command.plugin));
  return success();
}

Result<void> check_may_be_set(const KnownSecret& known, const PutSecret& command) {
  if (known.key != command.key) {
    return Error(Errc::Conflict, "the secret is " + known.key + ", not " + command.key);
  }
  if (known.writable_by_jobs) return success();
  return Error(Errc::Denied, "a person made the secret " + known.key +
                                 " and has not opened it to jobs (`ostler secret set " + known.key +
                                 " --writable-by-jobs --keep-value`)");
}

}  // namespace

Result<void> put_secret(Connection& database, const PutSecret& command) {
  OSTLER_TRY(const BuildId build, build_of(database, command));
  OSTLER_TRY(const auto made, database.find(kMade, read_int, command.job, command.request));
  if (made) return success();
  const auto read = [](Row& row) {
    KnownSecret known;
    row.take(known.id, known.key, known.writable_by_jobs);
    return known;
  };
  OSTLER_TRY(const auto known, database.find(kFind, read, command.cluster, command.key));
  if (!known) {
    OSTLER_TRY(make_secret(database, command, build));
  } else {
    OSTLER_TRY(check_may_be_set(*known, command));
    OSTLER_TRY(database.run(kSet, known->id, command.sealed, command.now, command.job, build,
                            command.plugin));
  }
  return remember_put(database, command);
}

Result<void> forget_puts_of(Connection& database, JobId job) {
  OSTLER_TRY(database.run("DELETE FROM secret_puts WHERE job_id = ?", job));
  return success();
}

}  // namespace ostler::store::sqlite
