// SPDX-License-Identifier: Apache-2.0
#include "store/clusters.hpp"
#include "store/sqlite/commands.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kSelectQueues =
    "SELECT q.id, q.cluster_id, q.key, c.name, q.is_default, q.description, "
    "q.retry_agent_affinity, q.lease_seconds, q.created_at, q.dispatch_paused_at, "
    "q.dispatch_paused_note, u.id, u.name, u.email, u.created_at, p.id, p.name, p.email, "
    "p.created_at FROM queues q JOIN clusters c ON c.id = q.cluster_id "
    "LEFT JOIN users u ON u.id = q.created_by LEFT JOIN users p ON p.id = q.dispatch_paused_by "
    "WHERE q.deleted_at IS NULL AND ";
constexpr std::string_view kInsertQueue =
    "INSERT INTO queues (id, cluster_id, key, is_default, description, retry_agent_affinity, "
    "lease_seconds, created_by, created_at) VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?)";
constexpr std::string_view kUpdateQueue =
    "UPDATE queues SET description = coalesce(?2, description), "
    "retry_agent_affinity = coalesce(?3, retry_agent_affinity), "
    "lease_seconds = nullif(coalesce(?4, lease_seconds), 0) WHERE id = ?1";
constexpr std::string_view kPauseQueue =
    "UPDATE queues SET dispatch_paused_at = ?2, dispatch_paused_by = ?3, "
    "dispatch_paused_note = ?4 WHERE id = ?1";
constexpr std::string_view kResumeQueue =
    "UPDATE queues SET dispatch_paused_at = NULL, dispatch_paused_by = NULL, "
    "dispatch_paused_note = '' WHERE id = ?";
constexpr std::string_view kAgentsOfQueue =
    "SELECT count(*) FROM agents WHERE queue_id = ? AND state = 2";
constexpr std::string_view kOpenJobsOfQueue =
    "SELECT count(*) FROM jobs j INDEXED BY jobs_by_queue_and_state "
    "CROSS JOIN builds b ON b.id = j.build_id "
    "WHERE j.queue_id = ? AND j.state IN (1, 3, 4, 5, 7, 9, 17) AND b.state IN (1, 2, 3, 6, 9)";
/// No key holds a slash, so nobody can give this one.
constexpr std::string_view kDeleteQueue =
    "UPDATE queues SET key = key || '/' || lower(hex(id)), deleted_at = ?2, "
    "dispatch_paused_at = NULL WHERE id = ?1";
/// Agents that may come back register anew, and are told that their queue is gone. The next sweep
/// forgets the agents with their tokens.
constexpr std::string_view kEndSessionsOfQueue =
    "UPDATE tokens SET expires_at = ?2 WHERE kind = 2 AND agent_id IN "
    "(SELECT id FROM agents WHERE queue_id = ?1)";

model::Queue read_queue(Row& row) {
  model::Queue queue;
  std::optional<Timestamp> paused_at;
  model::DispatchPause pause;
  row.take(queue.id, queue.cluster, queue.key, queue.cluster_name, queue.is_default,
           queue.description, queue.retry_affinity, queue.lease, queue.created_at, paused_at,
           pause.note);
  queue.created_by = take_user(row);
  pause.by = take_user(row);
  if (paused_at) {
    pause.since = *paused_at;
    queue.pause = std::move(pause);
  }
  return queue;
}

Result<model::Queue> load_queue(Connection& database, ClusterId cluster, QueueId id) {
  return require(
      database.find(sql(kSelectQueues, "q.id = ? AND q.cluster_id = ?"), read_queue, id, cluster),
      "queue");
}

Result<QueueChange> queue_change(Connection& database, ClusterId cluster, QueueId id) {
  OSTLER_TRY(auto queue, load_queue(database, cluster, id));
  QueueChange change{.queue = std::move(queue), .follow_ups = {}};
  change.follow_ups.queues.push_back(id);
  return change;
}

Result<std::int64_t> count_of_queue(Connection& database, std::string_view text, QueueId queue) {
  return require(database.find(text, read_int, queue), "count");
}

Result<void> check_queue_unused(Connection& database, const model::Queue& queue) {
  if (queue.is_default) {
    return Error(Errc::Conflict,
                 "the queue is its cluster's default; make another one the default first");
  }
  OSTLER_TRY(const auto agents, count_of_queue(database, kAgentsOfQueue, queue.id));
  if (agents > 0) {
    return Error(Errc::Conflict, "agents are connected to the queue (" + std::to_string(agents) +
                                     "); stop them first");
  }
  OSTLER_TRY(const auto jobs, count_of_queue(database, kOpenJobsOfQueue, queue.id));
  if (jobs == 0) return success();
  return Error(Errc::Conflict, "jobs of the queue are not over (" + std::to_string(jobs) +
                                   "); cancel their builds, or wait");
}

}  // namespace

Result<std::vector<model::Queue>> list_queues(Connection& database, OrganizationId organization) {
  return database.list(sql(kSelectQueues, "c.organization_id = ? ORDER BY c.name, q.key"),
                       read_queue, organization);
}

Result<std::vector<QueueId>> list_paused_queues(Connection& database) {
  return database.list("SELECT id FROM queues WHERE dispatch_paused_at IS NOT NULL",
                       read_value<QueueId>);
}

Result<model::Queue> create_queue(Connection& database, const CreateQueue& command) {
  OSTLER_TRY(require(database.find("SELECT 1 FROM clusters WHERE id = ? AND deleted_at IS NULL",
                                   read_int, command.cluster),
                     "cluster"));
  OSTLER_TRY(const auto taken,
             database.find("SELECT 1 FROM queues WHERE cluster_id = ? AND key = ?", read_int,
                           command.cluster, command.key));
  if (taken) return Error(Errc::Conflict, "a queue " + command.key + " exists already");
  const QueueId id = QueueId::make();
  OSTLER_TRY(database.run(kInsertQueue, id, command.cluster, command.key, command.description,
                          command.retry_affinity, command.lease, command.by, command.now));
  return load_queue(database, command.cluster, id);
}

Result<model::Queue> update_queue(Connection& database, const UpdateQueue& command) {
  OSTLER_TRY(load_queue(database, command.cluster, command.queue));
  OSTLER_TRY(database.run(kUpdateQueue, command.queue, command.description, command.retry_affinity,
                          command.lease));
  return load_queue(database, command.cluster, command.queue);
}

Result<void> delete_queue(Connection& database, const DeleteQueue& command) {
  OSTLER_TRY(const auto queue, load_queue(database, command.cluster, command.queue));
  OSTLER_TRY(check_queue_unused(database, queue));
  OSTLER_TRY(database.run(kEndSessionsOfQueue, queue.id, command.now));
  OSTLER_TRY(database.run(kDeleteQueue, queue.id, command.now));
  return success();
}

Result<QueueChange> pause_queue(Connection& database, const PauseQueue& command) {
  OSTLER_TRY(const auto queue, load_queue(database, command.cluster, command.queue));
  if (queue.pause) return Error(Errc::Conflict, "Cluster queue is already paused");
  OSTLER_TRY(database.run(kPauseQueue, queue.id, command.now, command.by, command.note));
  return queue_change(database, command.cluster, queue.id);
}

Result<QueueChange> resume_queue(Connection& database, const ResumeQueue& command) {
  OSTLER_TRY(const auto queue, load_queue(database, command.cluster, command.queue));
  if (!queue.pause) return Error(Errc::Conflict, "Cluster queue is not paused");
  OSTLER_TRY(database.run(kResumeQueue, queue.id));
  return queue_change(database, command.cluster, queue.id);
}

}  // namespace ostler::store::sqlite
