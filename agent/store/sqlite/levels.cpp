// SPDX-License-Identifier: Apache-2.0
#include "store/levels.hpp"

#include <algorithm>
#include <utility>

#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

using model::JobState;

// Each reads no more than what is going on now: agents with a job, jobs that wait, builds that are
// not over. The history may be of any length.
constexpr std::string_view kHeld =
    "SELECT j.state, count(*) FROM agents a INDEXED BY agents_by_lease CROSS JOIN jobs j "
    "ON j.id = a.job_id WHERE a.job_id IS NOT NULL GROUP BY j.state";
constexpr std::string_view kScheduled =
    "SELECT count(*) FROM jobs INDEXED BY jobs_scheduled WHERE state = 3";
constexpr std::string_view kLimited =
    "SELECT count(*) FROM jobs INDEXED BY jobs_limited WHERE state = 17";
constexpr std::string_view kOpen =
    "SELECT coalesce(sum(open_jobs), 0) FROM builds WHERE state IN (1, 2, 3, 6)";
constexpr std::string_view kConnected = "SELECT count(*) FROM agents WHERE state = 2";

std::pair<JobState, std::int64_t> read_state(Row& row) {
  std::pair<JobState, std::int64_t> state;
  row.take(state.first, state.second);
  return state;
}

}  // namespace

Result<Levels> load_levels(Connection& database) {
  Levels levels;
  for (const JobState state :
       {JobState::Accepted, JobState::Running, JobState::Canceling, JobState::TimingOut}) {
    levels.jobs[state] = 0;
  }
  OSTLER_TRY(const auto held, database.list(kHeld, read_state));
  OSTLER_TRY(const auto scheduled, require(database.find(kScheduled, read_int), "count"));
  OSTLER_TRY(const auto open, require(database.find(kOpen, read_int), "count"));
  OSTLER_TRY(const auto limited, require(database.find(kLimited, read_int), "count"));
  std::int64_t begun = scheduled + limited;
  for (const auto& [state, count] : held) {
    levels.jobs[state] = count;
    begun += count;
  }
  levels.jobs[JobState::Scheduled] = scheduled;
  levels.jobs[JobState::Limited] = limited;
  // The statements see one moment each, not the same one.
  levels.jobs[JobState::Waiting] = std::max<std::int64_t>(open - begun, 0);
  OSTLER_TRY(levels.connected_agents, require(database.find(kConnected, read_int), "count"));
  return levels;
}

}  // namespace ostler::store::sqlite
