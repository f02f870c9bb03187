// SPDX-License-Identifier: Apache-2.0
#include "store/clusters.hpp"

#include "store/sqlite/commands.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kSelectClusters =
    "SELECT c.id, c.organization_id, c.name, c.description, c.emoji, c.color, c.created_at, q.id, "
    "u.id, u.name, u.email, u.created_at FROM clusters c "
    "LEFT JOIN queues q ON q.cluster_id = c.id AND q.is_default = 1 "
    "LEFT JOIN users u ON u.id = c.created_by "
    "WHERE c.deleted_at IS NULL AND c.organization_id = ?1 ";
constexpr std::string_view kInsertCluster =
    "INSERT INTO clusters (id, organization_id, name, description, emoji, color, created_by, "
    "created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kUpdateCluster =
    "UPDATE clusters SET name = coalesce(?2, name), description = coalesce(?3, description), "
    "emoji = coalesce(?4, emoji), color = coalesce(?5, color) WHERE id = ?1";
constexpr std::string_view kClusterOfName =
    "SELECT 1 FROM clusters WHERE organization_id = ? AND name = ? AND id <> ?";
constexpr std::string_view kOtherClusters =
    "SELECT count(*) FROM clusters o JOIN clusters c ON c.organization_id = o.organization_id "
    "WHERE c.id = ? AND o.id <> c.id AND o.deleted_at IS NULL";
constexpr std::string_view kPipelinesOfCluster =
    "SELECT count(*) FROM pipelines WHERE cluster_id = ?";
constexpr std::string_view kAgentsOfCluster =
    "SELECT count(*) FROM agents a JOIN queues q ON q.id = a.queue_id "
    "WHERE q.cluster_id = ? AND a.state = 2";

/// What a cluster leaves behind when it is deleted: nothing that lets somebody in.
constexpr std::string_view kDeleteInCluster[] = {
    "DELETE FROM tokens WHERE cluster_id = ?1",
    "DELETE FROM secrets WHERE cluster_id = ?1",
    "DELETE FROM caches WHERE cluster_id = ?1",
    "DELETE FROM plugin_states WHERE owner = ?1",
};
/// The next sweep forgets the agents with their tokens.
constexpr std::string_view kEndSessionsOfCluster =
    "UPDATE tokens SET expires_at = ?2 WHERE kind = 2 AND agent_id IN "
    "(SELECT a.id FROM agents a JOIN queues q ON q.id = a.queue_id WHERE q.cluster_id = ?1)";
constexpr std::string_view kDeleteQueuesOfCluster =
    "UPDATE queues SET key = key || '/' || lower(hex(id)), is_default = 0, deleted_at = ?2, "
    "dispatch_paused_at = NULL WHERE cluster_id = ?1 AND deleted_at IS NULL";
constexpr std::string_view kDeleteCluster =
    "UPDATE clusters SET name = name || '/' || lower(hex(id)), deleted_at = ?2 WHERE id = ?1";

model::Cluster read_cluster(Row& row) {
  model::Cluster cluster;
  row.take(cluster.id, cluster.organization, cluster.name, cluster.description, cluster.emoji,
           cluster.color, cluster.created_at, cluster.default_queue);
  cluster.created_by = take_user(row);
  return cluster;
}

Result<model::Cluster> load_cluster(Connection& database, OrganizationId organization,
                                    ClusterId id) {
  return require(
      database.find(sql(kSelectClusters, "AND c.id = ?2"), read_cluster, organization, id),
      "cluster");
}

Result<void> check_cluster_name(Connection& database, OrganizationId organization,
                                const std::string& name, ClusterId id) {
  OSTLER_TRY(const auto taken, database.find(kClusterOfName, read_int, organization, name, id));
  if (taken) return Error(Errc::Conflict, "a cluster " + name + " exists already");
  return success();
}

Result<void> set_default_queue(Connection& database, ClusterId cluster, QueueId queue) {
  OSTLER_TRY(require(database.find("SELECT 1 FROM queues WHERE id = ? AND cluster_id = ? AND "
                                   "deleted_at IS NULL",
                                   read_int, queue, cluster),
                     "queue in the cluster"));
  OSTLER_TRY(database.run("UPDATE queues SET is_default = (id = ?2) WHERE cluster_id = ?1", cluster,
                          queue));
  return success();
}

Result<std::int64_t> count_of_cluster(Connection& database, std::string_view text,
                                      ClusterId cluster) {
  return require(database.find(text, read_int, cluster), "count");
}

Result<void> check_cluster_unused(Connection& database, ClusterId cluster) {
  OSTLER_TRY(const auto others, count_of_cluster(database, kOtherClusters, cluster));
  if (others == 0) return Error(Errc::Conflict, "the cluster is the organization's only one");
  OSTLER_TRY(const auto pipelines, count_of_cluster(database, kPipelinesOfCluster, cluster));
  if (pipelines > 0) {
    return Error(Errc::Conflict,
                 "pipelines belong to the cluster (" + std::to_string(pipelines) + ")");
  }
  OSTLER_TRY(const auto agents, count_of_cluster(database, kAgentsOfCluster, cluster));
  if (agents == 0) return success();
  return Error(Errc::Conflict, "agents are connected to the cluster (" + std::to_string(agents) +
                                   "); stop them first");
}

}  // namespace

Result<std::vector<model::Cluster>> list_clusters(Connection& database,
                                                  OrganizationId organization) {
  return database.list(sql(kSelectClusters, "ORDER BY c.created_at, c.id"), read_cluster,
                       organization);
}

Result<model::Cluster> create_cluster(Connection& database, const CreateCluster& command) {
  const ClusterId id = ClusterId::make();
  OSTLER_TRY(check_cluster_name(database, command.organization, command.name, id));
  OSTLER_TRY(database.run(kInsertCluster, id, command.organization, command.name,
                          command.description, command.emoji, command.color, command.by,
                          command.now));
  return load_cluster(database, command.organization, id);
}

Result<model::Cluster> update_cluster(Connection& database, const UpdateCluster& command) {
  OSTLER_TRY(load_cluster(database, command.organization, command.cluster));
  if (command.name) {
    OSTLER_TRY(check_cluster_name(database, command.organization, *command.name, command.cluster));
  }
  if (command.default_queue) {
    OSTLER_TRY(set_default_queue(database, command.cluster, *command.default_queue));
  }
  OSTLER_TRY(database.run(kUpdateCluster, command.cluster, command.name, command.description,
                          command.emoji, command.color));
  return load_cluster(database, command.organization, command.cluster);
}

Result<void> delete_cluster(Connection& database, const DeleteCluster& command) {
  OSTLER_TRY(load_cluster(database, command.organization, command.cluster));
  OSTLER_TRY(check_cluster_unused(database, command.cluster));
  OSTLER_TRY(database.run(kEndSessionsOfCluster, command.cluster, command.now));
  for (const std::string_view text : kDeleteInCluster) {
    OSTLER_TRY(database.run(text, command.cluster));
  }
  OSTLER_TRY(database.run(kDeleteQueuesOfCluster, command.cluster, command.now));
  OSTLER_TRY(database.run(kDeleteCluster, command.cluster, command.now));
  return success();
}

}  // namespace ostler::store::sqlite
