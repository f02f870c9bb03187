// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/shown_builds.hpp"

#include <algorithm>
#include <limits>

#include "store/sqlite/build_filter.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

/// How many builds one call looks at.
constexpr std::int64_t kMostBuildsRead = 20'000;
constexpr std::int64_t kFirstBuildsRead = 500;
/// Another look reads what the one before has read again, so each goes that much further.
constexpr std::int64_t kFurther = 4;

/// The first job of agents that is in no paused queue.
constexpr std::string_view kFirstOpen =
    "SELECT j.sort_key FROM jobs j INDEXED BY jobs_by_build "
    "CROSS JOIN steps s ON s.id = j.step_id CROSS JOIN queues q ON q.id = j.queue_id "
    "WHERE j.build_id = ? AND s.kind = ? AND q.dispatch_paused_at IS NULL "
    "ORDER BY j.sort_key LIMIT 1";
constexpr std::string_view kAnyOfAgents =
    "SELECT 1 FROM jobs j INDEXED BY jobs_by_build CROSS JOIN steps s ON s.id = j.step_id "
    "WHERE j.build_id = ? AND s.kind = ? LIMIT 1";
constexpr std::string_view kJobsUpTo =
    "SELECT count(*) FROM jobs INDEXED BY jobs_by_build WHERE build_id = ? AND sort_key <= ?";

/// The shown builds, from the first of the list on, up to the end of a window.
class ShownBuilds {
 public:
  ShownBuilds(Connection& database, std::int64_t wanted, std::int64_t most_jobs_read)
      : database_(database), wanted_(wanted), jobs_left_(most_jobs_read) {}

  /// Looks at builds that follow those before.
  Result<void> add(const std::vector<BuildId>& builds) {
    for (const BuildId build : builds) {
      gave_up_ = !is_full() && jobs_left_ <= 0;
      if (is_full() || gave_up_) return success();
      OSTLER_TRY(const bool is_shown, look_at(build));
      if (is_shown) ids_.push_back(build);
    }
    return success();
  }
  bool is_full() const { return static_cast<std::int64_t>(ids_.size()) == wanted_; }
  /// Whether builds were left out because too many jobs had been read.
  bool gave_up() const { return gave_up_; }
  std::vector<BuildId> from(std::int64_t offset) {
    const auto skipped = std::min<std::size_t>(static_cast<std::size_t>(offset), ids_.size());
    ids_.erase(ids_.begin(), ids_.begin() + static_cast<std::ptrdiff_t>(skipped));
    return std::move(ids_);
  }

 private:
  /// Not when all its jobs of agents are in paused queues, and there are some.
  Result<bool> look_at(BuildId build) {
    constexpr auto kAll = std::numeric_limits<std::int64_t>::max();
    OSTLER_TRY(const auto open,
               database_.find(kFirstOpen, read_int, build, model::StepKind::Command));
    OSTLER_TRY(const auto read, database_.find(kJobsUpTo, read_int, build, open.value_or(kAll)));
    jobs_left_ -= read.value_or(0);
    if (open) return true;
    OSTLER_TRY(const auto any,
               database_.find(kAnyOfAgents, read_int, build, model::StepKind::Command));
    return !any;
  }

  Connection& database_;
  std::int64_t wanted_;
  std::int64_t jobs_left_;
  bool gave_up_ = false;
  std::vector<BuildId> ids_;
};

}  // namespace

Result<std::vector<BuildId>> find_shown_builds(Connection& database, const BuildFilter& filter,
                                               const Window& window, std::int64_t most_jobs_read) {
  OSTLER_TRY(const auto paused, list_paused_queues(database));
  if (paused.empty()) return find_builds(database, filter, window);
  ShownBuilds shown(database, window.limit + window.offset, most_jobs_read);
  std::int64_t seen = 0;
  for (std::int64_t end = kFirstBuildsRead; seen < kMostBuildsRead; end *= kFurther) {
    const Window next{.limit = std::min(end, kMostBuildsRead) - seen, .offset = seen};
    OSTLER_TRY(const auto builds, find_builds(database, filter, next));
    OSTLER_TRY(shown.add(builds));
    if (shown.gave_up()) break;
    const bool is_end = static_cast<std::int64_t>(builds.size()) < next.limit;
    if (is_end || shown.is_full()) return shown.from(window.offset);
    seen += next.limit;
  }
  return Error(Errc::UserFault,
               "Listing builds this deep is not supported: too many have all their jobs in paused "
               "queues. Please narrow your query using filters such as branch or created_from.");
}

}  // namespace ostler::store::sqlite
