// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include "store/sqlite/concurrency.hpp"
#include "store/sqlite/job_moves.hpp"
#include "store/sqlite/rows.hpp"

// What moves of jobs mean for others of their concurrency groups and of a build that fails.
namespace ostler::store::sqlite {
namespace {

/// Jobs that end when their build turns failing: before the counters of the build are saved.
constexpr std::string_view kEndOnFailing =
    "SELECT j.id FROM builds b CROSS JOIN steps s INDEXED BY steps_canceled_on_failing "
    "ON s.build_id = b.id AND s.cancel_on_build_failing = 1 JOIN jobs j ON j.step_id = s.id "
    "WHERE b.id = ? AND b.hard_failed_jobs = 0 AND j.state IN (1, 3, 4, 5, 7, 17) "
    "ORDER BY j.sort_key, j.id";

constexpr std::string_view kHasGate =
    "SELECT 1 FROM steps INDEXED BY steps_with_gate WHERE build_id = ? AND gate IS NOT NULL LIMIT "
    "1";
/// Gates that are not open, whether or not it is their turn, and all that wait for them.
constexpr std::string_view kPlaceBehindGates =
    "WITH RECURSIVE behind (id) AS (SELECT s.id FROM steps s INDEXED BY steps_with_gate "
    "JOIN jobs j ON j.step_id = s.id WHERE s.build_id = ?1 AND s.gate IS NOT NULL "
    "AND j.state IN (1, 13) "
    "UNION SELECT e.dependent_id FROM behind JOIN step_edges e ON e.dependency_id = behind.id) "
    "UPDATE jobs INDEXED BY jobs_by_build SET awaits_gate = 1 - awaits_gate WHERE build_id = ?1 "
    "AND concurrency_group_id IS NOT NULL AND state = 1 "
    "AND awaits_gate <> (step_id IN (SELECT id FROM behind)) RETURNING concurrency_group_id";

constexpr std::string_view kWaitedInVain =
    "SELECT id FROM jobs INDEXED BY jobs_by_build WHERE build_id = ? AND state = 2";

}  // namespace

Result<void> JobMoves::end_logs_of(BuildId build) {
  OSTLER_TRY(const auto jobs, database_.list(kWaitedInVain, read_value<JobId>, build));
  follow_ups_.logs.insert(follow_ups_.logs.end(), jobs.begin(), jobs.end());
  return success();
}

Result<void> JobMoves::place_behind_gates(BuildId build) {
  OSTLER_TRY(const auto gate, database_.find(kHasGate, read_int, build));
  if (!gate) return success();
  OSTLER_TRY(const auto groups,
             database_.list(kPlaceBehindGates, read_value<model::ConcurrencyGroupId>, build));
  groups_.insert(groups.begin(), groups.end());
  return success();
}

Result<void> JobMoves::stop_failing_builds() {
  std::vector<BuildId> failing;
  for (const auto& [build, delta] : deltas_) {
    if (delta.hard_failed > 0) failing.push_back(build);
  }
  for (const BuildId build : failing) {
    OSTLER_TRY(cancel_on_failing(build));
  }
  return success();
}

Result<void> JobMoves::cancel_on_failing(BuildId build) {
  OSTLER_TRY(const auto jobs, database_.list(kEndOnFailing, read_value<JobId>, build));
  for (const JobId id : jobs) {
    OSTLER_TRY(JobRow job, load(id));
    OSTLER_TRY(move(job, model::JobEvent::Cancel));
  }
  return success();
}

Result<void> JobMoves::admit(model::ConcurrencyGroupId group) {
  for (;;) {
    OSTLER_TRY(const auto jobs, admissible_jobs(database_, group));
    if (jobs.empty()) return success();
    for (const JobId id : jobs) {
      OSTLER_TRY(JobRow job, load(id));
      OSTLER_TRY(move(job, model::JobEvent::Admit));
    }
  }
}

}  // namespace ostler::store::sqlite
