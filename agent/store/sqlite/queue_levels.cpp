// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "store/levels.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

// As in levels.cpp: what goes on now, whatever the history.
constexpr std::string_view kQueues =
    "SELECT id, key FROM queues WHERE cluster_id = ? AND deleted_at IS NULL";
constexpr std::string_view kAgents =
    "SELECT queue_id, count(*), count(job_id) FROM agents INDEXED BY agents_by_state "
    "WHERE state = 2 GROUP BY queue_id";
constexpr std::string_view kScheduled =
    "SELECT queue_id, count(*), 0 FROM jobs INDEXED BY jobs_scheduled WHERE state = 3 "
    "GROUP BY queue_id";
constexpr std::string_view kRunning =
    "SELECT j.queue_id, count(*), 0 FROM agents a INDEXED BY agents_by_lease CROSS JOIN jobs j "
    "ON j.id = a.job_id WHERE a.job_id IS NOT NULL GROUP BY j.queue_id";
constexpr std::string_view kWaiting =
    "SELECT j.queue_id, count(*), 0 FROM builds b CROSS JOIN jobs j ON j.build_id = b.id "
    "JOIN steps s ON s.id = j.step_id "
    "WHERE b.state IN (1, 2, 3, 6) AND j.state IN (1, 17) AND s.kind = 0 GROUP BY j.queue_id";

using Queues = std::map<QueueId, QueueLevels>;

struct Count {
  QueueId queue;
  std::int64_t all = 0;
  std::int64_t with_job = 0;
};

Count read_count(Row& row) {
  Count count;
  row.take(count.queue, count.all, count.with_job);
  return count;
}

std::pair<QueueId, std::string> read_name(Row& row) {
  std::pair<QueueId, std::string> name;
  row.take(name.first, name.second);
  return name;
}

/// Hands each count to the queue that it is of; queues of other clusters are left out.
template <class Take>
Result<void> fill(Connection& database, std::string_view sql, Queues& queues, Take take) {
  OSTLER_TRY(const auto counts, database.list(sql, read_count));
  for (const Count& count : counts) {
    if (const auto found = queues.find(count.queue); found != queues.end()) {
      take(found->second, count);
    }
  }
  return success();
}

}  // namespace

Result<std::vector<QueueLevels>> load_queue_levels(Connection& database, ClusterId cluster) {
  Queues queues;
  OSTLER_TRY(const auto names, database.list(kQueues, read_name, cluster));
  for (const auto& [id, key] : names) queues[id].key = key;
  OSTLER_TRY(fill(database, kAgents, queues, [](QueueLevels& queue, const Count& count) {
    queue.busy_agents = count.with_job;
    queue.idle_agents = count.all - count.with_job;
  }));
  OSTLER_TRY(fill(database, kScheduled, queues,
                  [](QueueLevels& queue, const Count& count) { queue.scheduled = count.all; }));
  OSTLER_TRY(fill(database, kRunning, queues,
                  [](QueueLevels& queue, const Count& count) { queue.running = count.all; }));
  OSTLER_TRY(fill(database, kWaiting, queues,
                  [](QueueLevels& queue, const Count& count) { queue.waiting = count.all; }));
  std::vector<QueueLevels> levels;
  for (auto& [id, queue] : queues) levels.push_back(std::move(queue));
  return levels;
}

}  // namespace ostler::store::sqlite
