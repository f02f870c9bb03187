// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

/// Rows per statement; no read transaction lives longer.
constexpr std::int64_t kCandidatesPerRead = 500;
/// How many jobs one call looks at.
constexpr std::int64_t kMostLookedAt = 20'000;

constexpr std::string_view kColumns =
    "SELECT j.id, j.queue_id, j.state, s.agent_query_rules FROM jobs j JOIN steps s "
    "ON s.id = j.step_id ";
constexpr std::string_view kBehind = "WHERE j.id < ?1 AND s.kind = ?2 ORDER BY j.id DESC LIMIT ?3";
/// Walks jobs_by_queue.
constexpr std::string_view kBehindInQueue =
    "WHERE j.queue_id = ?4 AND j.id < ?1 AND s.kind = ?2 ORDER BY j.id DESC LIMIT ?3";

/// What the filters look at.
struct Candidate {
  JobId id;
  QueueId queue;
  model::JobState state = model::JobState::Waiting;
  std::vector<std::string> rules;
};

Candidate read_candidate(Row& row) {
  Candidate candidate;
  row.take(candidate.id, candidate.queue, candidate.state, candidate.rules);
  return candidate;
}

template <class T>
bool allows(const std::vector<T>& wanted, const T& value) {
  return wanted.empty() || std::ranges::find(wanted, value) != wanted.end();
}

bool matches(const Candidate& job, const NewestJobs& query) {
  const auto has = [&](const std::string& rule) {
    return std::ranges::find(job.rules, rule) != job.rules.end();
  };
  return allows(query.queues, job.queue) && allows(query.states, job.state) &&
         std::ranges::all_of(query.rules, has);
}

JobId beyond_all() {
  JobId last;
  last.uuid.bytes.fill(std::numeric_limits<std::uint8_t>::max());
  return last;
}

Result<std::vector<Candidate>> read_behind(Connection& database, const NewestJobs& query,
                                           JobId before) {
  if (query.queues.size() == 1) {
    return database.list(sql(kColumns, kBehindInQueue), read_candidate, before,
                         model::StepKind::Command, kCandidatesPerRead, query.queues.front());
  }
  return database.list(sql(kColumns, kBehind), read_candidate, before, model::StepKind::Command,
                       kCandidatesPerRead);
}

}  // namespace

Result<JobSlice> list_newest_jobs(Connection& database, const NewestJobs& query) {
  JobSlice slice;
  JobId before = query.before.value_or(beyond_all());
  for (std::int64_t seen = 0; seen < kMostLookedAt; seen += kCandidatesPerRead) {
    OSTLER_TRY(const auto rows, read_behind(database, query, before));
    for (const Candidate& row : rows) {
      if (!matches(row, query)) continue;
      if (static_cast<std::int64_t>(slice.jobs.size()) == query.limit) {
        slice.next = slice.jobs.back().id;
        return slice;
      }
      OSTLER_TRY(auto job, load_job(database, row.id));
      slice.jobs.push_back(std::move(job));
    }
    if (static_cast<std::int64_t>(rows.size()) < kCandidatesPerRead) return slice;
    before = rows.back().id;
  }
  slice.next = before;
  return slice;
}

}  // namespace ostler::store::sqlite
