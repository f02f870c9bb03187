// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

/// Rows per statement; no read transaction lives longer.
constexpr std::int64_t kCandidatesPerRead = 500;
/// How many jobs one call looks at; the answer says where to go on. It bounds a search by rules,
/// which have no index: a job is found by any of its rules, so that one would need an entry for
/// every rule of every step. Queues and states have one.
constexpr std::int64_t kMostLookedAt = 20'000;
/// Queues and states of so many kinds are walked side by side; with more of them the queues are
/// told apart afterwards.
constexpr std::size_t kMostLanes = 64;

constexpr std::string_view kColumns =
    "SELECT j.id, j.queue_id, j.state, s.agent_query_rules FROM jobs j JOIN steps s "
    "ON s.id = j.step_id ";
constexpr std::string_view kBehind = "WHERE j.id < ?1 AND s.kind = ?2 ORDER BY j.id DESC LIMIT ?3";
/// Walks jobs_by_queue.
constexpr std::string_view kBehindInQueue =
    "WHERE j.queue_id = ?4 AND j.id < ?1 AND s.kind = ?2 ORDER BY j.id DESC LIMIT ?3";
/// Walks jobs_by_state.
constexpr std::string_view kBehindInState =
    "WHERE j.state = ?4 AND j.id < ?1 AND s.kind = ?2 ORDER BY j.id DESC LIMIT ?3";
/// Walks jobs_by_queue_and_state.
constexpr std::string_view kBehindInQueueAndState =
    "WHERE j.queue_id = ?4 AND j.state = ?5 AND j.id < ?1 AND s.kind = ?2 "
    "ORDER BY j.id DESC LIMIT ?3";

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

/// The jobs of one queue, in one state, of both or of neither, newest first: along one index.
class Lane {
 public:
  Lane(std::optional<QueueId> queue, std::optional<model::JobState> state, JobId before)
      : queue_(queue), state_(state), before_(before) {}

  /// The next one, which stays until it is taken; null when there are no more.
  Result<const Candidate*> front(Connection& database, std::int64_t rows_per_read) {
    if (at_ == rows_.size() && !is_dry_) {
      OSTLER_TRY(rows_, read(database, rows_per_read));
      at_ = 0;
      is_dry_ = static_cast<std::int64_t>(rows_.size()) < rows_per_read;
      if (!rows_.empty()) before_ = rows_.back().id;
    }
    return at_ == rows_.size() ? nullptr : &rows_[at_];
  }
  Candidate take() { return std::move(rows_[at_++]); }

 private:
  Result<std::vector<Candidate>> read(Connection& database, std::int64_t limit) const {
    const auto list = [&](std::string_view where, const auto&... values) {
      return database.list(sql(kColumns, where), read_candidate, before_, model::StepKind::Command,
                           limit, values...);
    };
    if (queue_ && state_) return list(kBehindInQueueAndState, *queue_, *state_);
    if (queue_) return list(kBehindInQueue, *queue_);
    if (state_) return list(kBehindInState, *state_);
    return list(kBehind);
  }

  std::optional<QueueId> queue_;
  std::optional<model::JobState> state_;
  JobId before_;
  std::vector<Candidate> rows_;
  std::size_t at_ = 0;
  bool is_dry_ = false;
};

template <class T>
std::vector<std::optional<T>> each_once(std::vector<T> values) {
  std::ranges::sort(values);
  const auto again = std::ranges::unique(values);
  values.erase(again.begin(), again.end());
  if (values.empty()) return {std::nullopt};
  return {values.begin(), values.end()};
}

std::vector<Lane> lanes_of(const NewestJobs& query, JobId before) {
  auto queues = each_once(query.queues);
  const auto states = each_once(query.states);
  if (queues.size() * states.size() > kMostLanes) queues = {std::nullopt};
  std::vector<Lane> lanes;
  for (const auto& queue : queues) {
    for (const auto& state : states) lanes.emplace_back(queue, state, before);
  }
  return lanes;
}

/// The newest of all lanes; none: no lane has any more.
Result<std::optional<Candidate>> next_of(Connection& database, std::vector<Lane>& lanes) {
  const auto rows =
      std::max<std::int64_t>(kCandidatesPerRead / static_cast<std::int64_t>(lanes.size()), 10);
  Lane* newest = nullptr;
  JobId newest_id;
  for (Lane& lane : lanes) {
    OSTLER_TRY(const Candidate* const front, lane.front(database, rows));
    const bool is_newer = front != nullptr && (newest == nullptr || newest_id < front->id);
    if (!is_newer) continue;
    newest = &lane;
    newest_id = front->id;
  }
  if (newest == nullptr) return std::optional<Candidate>();
  return std::optional(newest->take());
}

}  // namespace

Result<JobSlice> list_newest_jobs(Connection& database, const NewestJobs& query) {
  JobSlice slice;
  auto lanes = lanes_of(query, query.before.value_or(beyond_all()));
  for (std::int64_t seen = 0; seen < kMostLookedAt; ++seen) {
    OSTLER_TRY(const auto found, next_of(database, lanes));
    if (!found) {
      slice.next.reset();
      return slice;
    }
    const bool is_full = static_cast<std::int64_t>(slice.jobs.size()) == query.limit;
    if (matches(*found, query) && is_full) {
      slice.next = slice.jobs.back().id;
      return slice;
    }
    slice.next = found->id;
    if (!matches(*found, query)) continue;
    OSTLER_TRY(auto job, load_job(database, found->id));
    slice.jobs.push_back(std::move(job));
  }
  return slice;
}

}  // namespace ostler::store::sqlite
