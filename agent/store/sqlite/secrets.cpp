// SPDX-License-Identifier: Apache-2.0
#include "store/secrets.hpp"

#include "store/sqlite/commands.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kSelect =
    "SELECT s.id, s.cluster_id, s.key, s.description, s.sealed, s.created_at, s.updated_at, "
    "s.writable_by_jobs, s.put_job, s.put_build, s.put_plugin FROM secrets s ";
constexpr std::string_view kInsert =
    "INSERT INTO secrets (id, cluster_id, key, description, sealed, created_at, updated_at, "
    "writable_by_jobs) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)";
constexpr std::string_view kUpdate =
    "UPDATE secrets SET description = coalesce(?3, description), sealed = coalesce(?4, sealed), "
    "put_job = iif(?4 IS NULL, put_job, NULL), put_build = iif(?4 IS NULL, put_build, NULL), "
    "put_plugin = iif(?4 IS NULL, put_plugin, ''), "
    "writable_by_jobs = coalesce(?6, writable_by_jobs), updated_at = ?5 WHERE id = ?1 AND "
    "cluster_id = ?2";
constexpr std::string_view kOfJob =
    "JOIN queues q ON q.cluster_id = s.cluster_id JOIN jobs j ON j.queue_id = q.id "
    "WHERE j.id = ? AND s.key = ?";

ClusterSecret read_secret(Row& row) {
  ClusterSecret secret;
  std::optional<JobId> job;
  std::optional<BuildId> build;
  std::string plugin;
  row.take(secret.id, secret.cluster, secret.key, secret.description, secret.sealed,
           secret.created_at, secret.updated_at, secret.writable_by_jobs, job, build, plugin);
  if (job && build) secret.writer = {*job, *build, std::move(plugin)};
  return secret;
}

}  // namespace

Result<ClusterSecret> load_secret(Connection& database, ClusterId cluster, SecretId id) {
  return require(
      database.find(sql(kSelect, "WHERE s.id = ? AND s.cluster_id = ?"), read_secret, id, cluster),
      "secret");
}

Result<std::optional<ClusterSecret>> find_secret_of_cluster(Connection& database, ClusterId cluster,
                                                            const std::string& key) {
  return database.find(sql(kSelect, "WHERE s.cluster_id = ? AND s.key = ?"), read_secret, cluster,
                       key);
}

Result<ClusterSecret> create_secret(Connection& database, const CreateSecret& command) {
  OSTLER_TRY(require(database.find("SELECT 1 FROM clusters WHERE id = ? AND deleted_at IS NULL",
                                   read_int, command.cluster),
                     "cluster"));
  OSTLER_TRY(const auto taken,
             database.find("SELECT 1 FROM secrets WHERE cluster_id = ? AND key = ?", read_int,
                           command.cluster, command.key));
  if (taken) return Error(Errc::Conflict, "a secret " + command.key + " exists already");
  const SecretId id = SecretId::make();
  OSTLER_TRY(database.run(kInsert, id, command.cluster, command.key, command.description,
                          command.sealed, command.now, command.writable_by_jobs));
  return load_secret(database, command.cluster, id);
}

Result<ClusterSecret> update_secret(Connection& database, const UpdateSecret& command) {
  OSTLER_TRY(database.run(kUpdate, command.id, command.cluster, command.description, command.sealed,
                          command.now, command.writable_by_jobs));
  return load_secret(database, command.cluster, command.id);
}

Result<void> delete_secret(Connection& database, const DeleteSecret& command) {
  OSTLER_TRY(load_secret(database, command.cluster, command.id));
  OSTLER_TRY(database.run("DELETE FROM secrets WHERE id = ?", command.id));
  return success();
}

Result<std::vector<ClusterSecret>> list_secrets(Connection& database, ClusterId cluster) {
  return database.list(sql(kSelect, "WHERE s.cluster_id = ? ORDER BY s.key"), read_secret, cluster);
}

Result<ClusterSecret> load_secret_of_job(Connection& database, JobId job, const std::string& key) {
  return require(database.find(sql(kSelect, kOfJob), read_secret, job, key), "secret");
}

}  // namespace ostler::store::sqlite
