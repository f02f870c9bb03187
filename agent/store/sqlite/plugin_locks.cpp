// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/plugin_locks.hpp"

#include <chrono>
#include <string_view>
#include <utility>

#include "model/job_state.hpp"
#include "store/sqlite/plugin_records.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

/// A wish that was given up is not repeated later than this.
constexpr std::chrono::minutes kLeftLife{10};

constexpr std::string_view kClusterOfJob =
    "SELECT a.cluster_id, j.state FROM jobs j JOIN agents a ON a.id = j.agent_id WHERE j.id = ?";
constexpr std::string_view kWish =
    "SELECT cluster_id, name, place, fence, left_at IS NOT NULL FROM plugin_locks "
    "WHERE job_id = ? AND request = ?";
constexpr std::string_view kOwnWishes =
    "SELECT count(*) FROM plugin_locks WHERE job_id = ? AND name = ? AND left_at IS NULL";
constexpr std::string_view kCountOfJob =
    "SELECT count(*), count(*) FILTER (WHERE left_at IS NULL) FROM plugin_locks WHERE job_id = ?";
constexpr std::string_view kForgetLeft =
    "DELETE FROM plugin_locks WHERE job_id = ? AND left_at < ?";
constexpr std::string_view kInsertWish =
    "INSERT INTO plugin_locks (job_id, request, cluster_id, name, place, fence, left_at) "
    "VALUES (?, ?, ?, ?, ?, NULL, NULL)";
constexpr std::string_view kHolder =
    "SELECT job_id FROM plugin_locks WHERE cluster_id = ? AND name = ? AND fence IS NOT NULL";
constexpr std::string_view kAhead =
    "SELECT count(*) FROM plugin_locks WHERE cluster_id = ? AND name = ? AND fence IS NULL "
    "AND left_at IS NULL AND place < ?";
constexpr std::string_view kFirst =
    "SELECT job_id, request FROM plugin_locks WHERE cluster_id = ? AND name = ? AND fence IS NULL "
    "AND left_at IS NULL ORDER BY place LIMIT 1";
constexpr std::string_view kGive =
    "UPDATE plugin_locks SET fence = ? WHERE job_id = ? AND request = ?";
constexpr std::string_view kLeave =
    "INSERT INTO plugin_locks (job_id, request, cluster_id, name, place, fence, left_at) "
    "VALUES (?1, ?2, ?4, '', 0, NULL, ?3) "
    "ON CONFLICT (job_id, request) DO UPDATE SET fence = NULL, left_at = ?3";
constexpr std::string_view kHeldOfJob =
    "SELECT cluster_id, name FROM plugin_locks WHERE job_id = ? AND fence IS NOT NULL";

struct LockName {
  ClusterId cluster;
  std::string name{};
};
struct WishRow {
  LockName lock{};
  std::int64_t place = 0;
  std::optional<std::int64_t> fence{};
  bool is_left = false;
};
WishRow read_wish(Row& row) {
  WishRow wish;
  row.take(wish.lock.cluster, wish.lock.name, wish.place, wish.fence, wish.is_left);
  return wish;
}

LockName read_lock_name(Row& row) {
  LockName lock;
  row.take(lock.cluster, lock.name);
  return lock;
}

Error given_up() { return {Errc::NotFound, "the wait for the lock was given up"}; }

Result<ClusterId> cluster_of_running(Connection& database, JobId job) {
  model::JobState state{};
  const auto read = [&](Row& row) {
    ClusterId cluster;
    row.take(cluster, state);
    return cluster;
  };
  OSTLER_TRY(const auto cluster,
             require(database.find(kClusterOfJob, read, job), "job of an agent"));
  if (model::is_terminal(state)) return Error(Errc::NotFound, "the job is over");
  return cluster;
}

/// To who waits longest, unless somebody holds it; the job that has it then.
Result<std::optional<JobId>> give_to_next(Connection& database, const LockName& lock) {
  OSTLER_TRY(const auto holder, database.find(kHolder, read_value<JobId>, lock.cluster, lock.name));
  if (holder) return std::optional<JobId>();
  const auto read = [](Row& row) {
    LockWish wish;
    row.take(wish.job, wish.request);
    return wish;
  };
  OSTLER_TRY(const auto next, database.find(kFirst, read, lock.cluster, lock.name));
  if (!next) return std::optional<JobId>();
  OSTLER_TRY(const auto fence, next_plugin_number(database));
  OSTLER_TRY(database.run(kGive, fence, next->job, next->request));
  return std::optional(next->job);
}

Result<std::vector<JobId>> hand_on(Connection& database, const LockName& lock) {
  OSTLER_TRY(const auto next, give_to_next(database, lock));
  return next ? std::vector{*next} : std::vector<JobId>();
}

Error too_many() {
  return {Errc::UserFault,
          "this job has 64 locks, or had 1,000 in the last ten minutes; release some"};
}

/// Room for one more wish of a job, also for one that is given up before it came. The wishes of it
/// that still count.
Result<std::int64_t> make_room_for_wish(Connection& database, JobId job, Timestamp now) {
  OSTLER_TRY(database.run(kForgetLeft, job, now + -kLeftLife));
  const auto read = [](Row& row) {
    std::pair<std::int64_t, std::int64_t> counts;
    row.take(counts.first, counts.second);
    return counts;
  };
  OSTLER_TRY(const auto counts, require(database.find(kCountOfJob, read, job), "count"));
  if (counts.first >= kMostLockWishes) return too_many();
  return counts.second;
}

Result<void> check_wish(Connection& database, const TakeLock& command) {
  const JobId job = command.wish.job;
  OSTLER_TRY(const auto own,
             require(database.find(kOwnWishes, read_int, job, command.name), "count"));
  if (own > 0) {
    return Error(Errc::Conflict, "this job holds the lock " + command.name +
                                     " already, or waits for it; release it first");
  }
  OSTLER_TRY(const auto wishes, make_room_for_wish(database, job, command.now));
  if (wishes >= kMostLocksOfJob) return too_many();
  return success();
}

Result<LockStanding> standing_of(Connection& database, const WishRow& wish) {
  if (wish.is_left) return given_up();
  if (wish.fence) return LockStanding{.fence = wish.fence};
  LockStanding standing;
  OSTLER_TRY(standing.holder,
             database.find(kHolder, read_value<JobId>, wish.lock.cluster, wish.lock.name));
  OSTLER_TRY(standing.ahead,
             require(database.find(kAhead, read_int, wish.lock.cluster, wish.lock.name, wish.place),
                     "count"));
  return standing;
}

}  // namespace

Result<LockStanding> load_lock_standing(Connection& database, const LockWish& wish) {
  OSTLER_TRY(const auto row, database.find(kWish, read_wish, wish.job, wish.request));
  if (!row) return given_up();
  return standing_of(database, *row);
}

Result<LockStanding> take_lock(Connection& database, const TakeLock& command) {
  const LockWish& wish = command.wish;
  OSTLER_TRY(const auto cluster, cluster_of_running(database, wish.job));
  OSTLER_TRY(const auto known, database.find(kWish, read_wish, wish.job, wish.request));
  if (known) return standing_of(database, *known);
  OSTLER_TRY(check_wish(database, command));
  OSTLER_TRY(const auto place, next_plugin_number(database));
  OSTLER_TRY(database.run(kInsertWish, wish.job, wish.request, cluster, command.name, place));
  OSTLER_TRY(give_to_next(database, {cluster, command.name}));
  return load_lock_standing(database, wish);
}

Result<std::vector<JobId>> leave_lock(Connection& database, const LeaveLock& command) {
  const LockWish& wish = command.wish;
  OSTLER_TRY(const auto cluster, cluster_of_running(database, wish.job));
  OSTLER_TRY(const auto known, database.find(kWish, read_wish, wish.job, wish.request));
  if (!known) {
    OSTLER_TRY(make_room_for_wish(database, wish.job, command.now));
  }
  OSTLER_TRY(database.run(kLeave, wish.job, wish.request, command.now, cluster));
  if (!known || !known->fence) return std::vector<JobId>();
  return hand_on(database, known->lock);
}

Result<std::vector<JobId>> free_locks_of(Connection& database, JobId job) {
  OSTLER_TRY(const auto held, database.list(kHeldOfJob, read_lock_name, job));
  OSTLER_TRY(database.run("DELETE FROM plugin_locks WHERE job_id = ?", job));
  std::vector<JobId> given;
  for (const LockName& lock : held) {
    OSTLER_TRY(const auto next, give_to_next(database, lock));
    if (next) given.push_back(*next);
  }
  return given;
}

}  // namespace ostler::store::sqlite
