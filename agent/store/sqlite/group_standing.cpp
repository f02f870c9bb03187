// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

// Who is in the way of a job that its concurrency group holds back.
namespace ostler::store::sqlite {
namespace {

using model::ConcurrencyGroupId;
using model::JobState;

constexpr std::int64_t kMostNamed = 3;
constexpr std::int64_t kMostCounted = 1'000;

constexpr std::string_view kPlace =
    "SELECT j.state, g.id, g.name, j.concurrency_limit, j.concurrency_method, j.priority, "
    "j.scheduled_at, j.build_id, j.sort_key FROM jobs j "
    "LEFT JOIN concurrency_groups g ON g.id = j.concurrency_group_id WHERE j.id = ?";
constexpr std::string_view kHolders =
    "WHERE j.concurrency_group_id = ? AND j.state IN (3, 4, 5, 7, 9) "
    "ORDER BY j.scheduled_at, j.build_id, j.sort_key, j.id LIMIT ?";
constexpr std::string_view kHeld =
    "SELECT count(*) FROM jobs WHERE concurrency_group_id = ? AND state IN (3, 4, 5, 7, 9)";
/// As admissible_jobs() counts them.
constexpr std::string_view kAhead =
    "SELECT id FROM (SELECT * FROM (SELECT id, scheduled_at, build_id, sort_key FROM jobs "
    "INDEXED BY jobs_by_group WHERE concurrency_group_id = ?1 AND state = 17 "
    "AND (scheduled_at, build_id, sort_key, id) < (?2, ?3, ?4, ?5) "
    "ORDER BY scheduled_at, build_id, sort_key, id LIMIT ?6) UNION ALL "
    "SELECT * FROM (SELECT id, scheduled_at, build_id, sort_key FROM jobs "
    "INDEXED BY jobs_in_line WHERE concurrency_group_id = ?1 AND state = 1 AND awaits_gate = 0 "
    "AND (scheduled_at, build_id) < (?2, ?3) "
    "ORDER BY scheduled_at, build_id, sort_key, id LIMIT ?6)) "
    "ORDER BY scheduled_at, build_id, sort_key, id LIMIT ?6";
constexpr std::string_view kAheadByPriority =
    "SELECT id FROM jobs INDEXED BY jobs_limited_by_priority WHERE concurrency_group_id = ?1 "
    "AND state = 17 AND concurrency_method = 2 AND (-priority, scheduled_at, build_id, sort_key, "
    "id) < (-?7, ?2, ?3, ?4, ?5) "
    "ORDER BY priority DESC, scheduled_at, build_id, sort_key, id LIMIT ?6";

struct Place {
  JobState state = JobState::Waiting;
  std::optional<ConcurrencyGroupId> group;
  std::optional<std::string> name;
  std::optional<int> limit;
  std::optional<model::ConcurrencyMethod> method;
  std::int64_t priority = 0;
  Timestamp age;
  BuildId build;
  std::int64_t sort_key = 0;
};

Place read_place(Row& row) {
  Place place;
  row.take(place.state, place.group, place.name, place.limit, place.method, place.priority,
           place.age, place.build, place.sort_key);
  return place;
}

Result<std::vector<JobId>> list_ahead(Connection& database, const Place& place, JobId id) {
  if (place.method == model::ConcurrencyMethod::Eager) {
    return database.list(kAheadByPriority, read_value<JobId>, place.group, place.age, place.build,
                         place.sort_key, id, kMostCounted, place.priority);
  }
  return database.list(kAhead, read_value<JobId>, place.group, place.age, place.build,
                       place.sort_key, id, kMostCounted);
}

}  // namespace

Result<std::optional<GroupStanding>> load_group_standing(Connection& database, JobId id) {
  OSTLER_TRY(const auto place, require(database.find(kPlace, read_place, id), "job"));
  std::optional<GroupStanding> standing;
  if (place.state != JobState::Limited || !place.group) return standing;
  standing.emplace();
  standing->terms = {.group = place.name.value_or(""),
                     .limit = place.limit.value_or(1),
                     .method = place.method.value_or(model::ConcurrencyMethod::Ordered)};
  OSTLER_TRY(standing->held, require(database.find(kHeld, read_int, place.group), "count"));
  OSTLER_TRY(standing->holders,
             database.list(sql(kSelectJob, kHolders), read_job, place.group, kMostNamed));
  OSTLER_TRY(const auto ahead, list_ahead(database, place, id));
  standing->ahead_count = static_cast<std::int64_t>(ahead.size());
  for (const JobId other : ahead) {
    if (standing->ahead.size() == static_cast<std::size_t>(kMostNamed)) break;
    OSTLER_TRY(standing->ahead.emplace_back(), load_job(database, other));
  }
  return standing;
}

}  // namespace ostler::store::sqlite
