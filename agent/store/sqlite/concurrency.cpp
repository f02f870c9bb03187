// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/concurrency.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

using model::ConcurrencyGroupId;
using model::ConcurrencyMethod;

constexpr std::string_view kGroup =
    "INSERT INTO concurrency_groups (id, organization_id, name) VALUES (?, ?, ?) "
    "ON CONFLICT (organization_id, name) DO UPDATE SET name = excluded.name RETURNING id";
constexpr std::string_view kJoin =
    "UPDATE jobs SET concurrency_group_id = ?2, concurrency_limit = ?3, concurrency_method = ?4 "
    "WHERE id = ?1";
// Each statement reads no more than there are slots, however many wait and whatever the history.
/// States as holds_slot() has them.
constexpr std::string_view kHeld =
    "SELECT count(*) FROM jobs WHERE concurrency_group_id = ? AND state IN (3, 4, 5, 7, 9)";
constexpr std::string_view kHighestLimit =
    "SELECT max(concurrency_limit) FROM jobs INDEXED BY jobs_limited "
    "WHERE concurrency_group_id = ? AND state = 17 AND concurrency_method = ?";
constexpr std::string_view kLine =
    "SELECT id, build_id, scheduled_at, concurrency_limit, concurrency_method FROM jobs "
    "INDEXED BY jobs_by_group WHERE concurrency_group_id = ? AND state = 17 "
    "ORDER BY scheduled_at, build_id, sort_key, id LIMIT ?";
/// Of older builds only: within one build a job may be before another that it waits for. A job that
/// a person has still to let on may wait for ever.
constexpr std::string_view kWaitingAhead =
    "SELECT count(*) FROM (SELECT 1 FROM jobs INDEXED BY jobs_in_line "
    "WHERE concurrency_group_id = ? AND state = 1 AND awaits_gate = 0 AND (scheduled_at, build_id) "
    "< (?, ?) LIMIT ?)";
constexpr std::string_view kByPriority =
    "SELECT id, build_id, scheduled_at, concurrency_limit, concurrency_method FROM jobs "
    "INDEXED BY jobs_limited_by_priority WHERE concurrency_group_id = ?1 AND state = 17 "
    "AND concurrency_method = 2 AND concurrency_limit > ?2 "
    "ORDER BY priority DESC, scheduled_at, build_id, sort_key, id LIMIT ?3";
constexpr std::string_view kGroupsOfStep =
    "SELECT DISTINCT concurrency_group_id FROM jobs "
    "WHERE step_id = ? AND concurrency_group_id IS NOT NULL";
constexpr std::string_view kForget =
    "DELETE FROM concurrency_groups WHERE id = ?1 AND NOT EXISTS "
    "(SELECT 1 FROM jobs INDEXED BY jobs_by_group WHERE concurrency_group_id = ?1)";

struct InLine {
  JobId job;
  BuildId build;
  Timestamp age;
  std::int64_t limit = 0;
  ConcurrencyMethod method = ConcurrencyMethod::Ordered;
};

InLine read_in_line(Row& row) {
  InLine job;
  row.take(job.job, job.build, job.age, job.limit, job.method);
  return job;
}

/// One look at a group.
class GroupLook {
 public:
  GroupLook(Connection& database, ConcurrencyGroupId group) : database_(database), group_(group) {}

  Result<std::vector<JobId>> run() {
    OSTLER_TRY(held_, require(database_.find(kHeld, read_int, group_), "count"));
    OSTLER_TRY(auto jobs, ordered());
    if (!jobs.empty()) return jobs;
    return eager();
  }

 private:
  /// How many slots could be free for a job that waits by that method; 0 when none does.
  Result<std::int64_t> most_room(ConcurrencyMethod method) {
    const auto read = read_value<std::optional<std::int64_t>>;
    OSTLER_TRY(const auto limit,
               require(database_.find(kHighestLimit, read, group_, method), "limit"));
    return std::max<std::int64_t>(limit.value_or(0) - held_, 0);
  }

  /// May go: slots that are held and jobs that stand before it are together less than its limit.
  Result<std::vector<JobId>> ordered() {
    std::vector<JobId> jobs;
    OSTLER_TRY(const auto room, most_room(ConcurrencyMethod::Ordered));
    if (room == 0) return jobs;
    OSTLER_TRY(const auto line, database_.list(kLine, read_in_line, group_, room));
    std::int64_t ahead = 0;
    BuildId build;
    std::int64_t before = held_;  // admitted or not, those before it count
    for (const InLine& job : line) {
      if (job.build != build) {
        OSTLER_TRY(ahead, require(database_.find(kWaitingAhead, read_int, group_, job.age,
                                                 job.build, room),
                                  "count"));
        build = job.build;
      }
      if (job.method == ConcurrencyMethod::Ordered && before + ahead < job.limit) {
        jobs.push_back(job.job);
      }
      ++before;
    }
    return jobs;
  }

  Result<std::vector<JobId>> eager() {
    std::vector<JobId> jobs;
    OSTLER_TRY(const auto room, most_room(ConcurrencyMethod::Eager));
    if (room == 0) return jobs;
    OSTLER_TRY(const auto line, database_.list(kByPriority, read_in_line, group_, held_, room));
    for (const InLine& job : line) {
      const auto held = held_ + static_cast<std::int64_t>(jobs.size());
      if (held < job.limit) jobs.push_back(job.job);
    }
    return jobs;
  }

  Connection& database_;
  ConcurrencyGroupId group_;
  std::int64_t held_ = 0;
};

}  // namespace

Result<ConcurrencyGroupId> join_group(Connection& database, OrganizationId organization, JobId job,
                                      const model::Concurrency& concurrency) {
  OSTLER_TRY(const auto group,
             require(database.find(kGroup, read_value<ConcurrencyGroupId>,
                                   ConcurrencyGroupId::make(), organization, concurrency.group),
                     "group"));
  OSTLER_TRY(database.run(kJoin, job, group, concurrency.limit, concurrency.method));
  return group;
}

Result<std::vector<JobId>> admissible_jobs(Connection& database, ConcurrencyGroupId group) {
  return GroupLook(database, group).run();
}

Result<std::vector<ConcurrencyGroupId>> groups_of_step(Connection& database, StepId step) {
  return database.list(kGroupsOfStep, read_value<ConcurrencyGroupId>, step);
}

Result<void> forget_unused_group(Connection& database, ConcurrencyGroupId group) {
  OSTLER_TRY(database.run(kForget, group));
  return success();
}

}  // namespace ostler::store::sqlite
