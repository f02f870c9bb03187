// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/shown_builds.hpp"

#include <algorithm>

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

/// No row: every job of agents is in a paused queue, and there are some.
constexpr std::string_view kIsShown =
    "SELECT 1 WHERE EXISTS (SELECT 1 FROM jobs j INDEXED BY jobs_by_build "
    "JOIN steps s ON s.id = j.step_id JOIN queues q ON q.id = j.queue_id "
    "WHERE j.build_id = ?1 AND s.kind = ?2 AND q.dispatch_paused_at IS NULL) "
    "OR NOT EXISTS (SELECT 1 FROM jobs j INDEXED BY jobs_by_build "
    "JOIN steps s ON s.id = j.step_id WHERE j.build_id = ?1 AND s.kind = ?2)";

/// The shown builds, from the first of the list on, up to the end of a window.
class ShownBuilds {
 public:
  ShownBuilds(Connection& database, std::int64_t wanted) : database_(database), wanted_(wanted) {}

  /// Looks at builds that follow those before.
  Result<void> add(const std::vector<BuildId>& builds) {
    for (const BuildId build : builds) {
      if (is_full()) return success();
      OSTLER_TRY(const auto shown,
                 database_.find(kIsShown, read_int, build, model::StepKind::Command));
      if (shown) ids_.push_back(build);
    }
    return success();
  }
  bool is_full() const { return static_cast<std::int64_t>(ids_.size()) == wanted_; }
  std::vector<BuildId> from(std::int64_t offset) {
    const auto skipped = std::min<std::size_t>(static_cast<std::size_t>(offset), ids_.size());
    ids_.erase(ids_.begin(), ids_.begin() + static_cast<std::ptrdiff_t>(skipped));
    return std::move(ids_);
  }

 private:
  Connection& database_;
  std::int64_t wanted_;
  std::vector<BuildId> ids_;
};

}  // namespace

Result<std::vector<BuildId>> find_shown_builds(Connection& database, const BuildFilter& filter,
                                               const Window& window) {
  OSTLER_TRY(const auto paused, list_paused_queues(database));
  if (paused.empty()) return find_builds(database, filter, window);
  ShownBuilds shown(database, window.limit + window.offset);
  std::int64_t seen = 0;
  for (std::int64_t end = kFirstBuildsRead; seen < kMostBuildsRead; end *= kFurther) {
    const Window next{.limit = std::min(end, kMostBuildsRead) - seen, .offset = seen};
    OSTLER_TRY(const auto builds, find_builds(database, filter, next));
    OSTLER_TRY(shown.add(builds));
    const bool is_end = static_cast<std::int64_t>(builds.size()) < next.limit;
    if (is_end || shown.is_full()) return shown.from(window.offset);
    seen += next.limit;
  }
  return Error(Errc::UserFault,
               "Listing builds this deep is not supported: too many have all their jobs in paused "
               "queues. Please narrow your query using filters such as branch or created_from.");
}

}  // namespace ostler::store::sqlite
