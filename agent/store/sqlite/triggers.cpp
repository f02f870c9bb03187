// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include "store/sqlite/commands.hpp"
#include "store/sqlite/job_moves.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kPending =
    "SELECT id FROM jobs INDEXED BY jobs_awaiting_build WHERE awaits_build = 1 ORDER BY id LIMIT ?";
constexpr std::string_view kAwaits = "SELECT awaits_build FROM jobs WHERE id = ?";
constexpr std::string_view kWaitsForBuild =
    "SELECT j.id FROM builds b JOIN jobs j ON j.id = b.triggered_by "
    "WHERE b.id = ?1 AND b.removing = 0 AND j.triggered_build_id = ?1 AND j.state IN (?2, ?3)";
constexpr std::string_view kFault = "UPDATE jobs SET trigger_fault = ? WHERE id = ?";

Result<FollowUps> fail_trigger(Connection& database, JobId id, std::string_view fault,
                               Timestamp now) {
  JobMoves moves(database, now);
  OSTLER_TRY(auto job, moves.load(id));
  OSTLER_TRY(database.run(kFault, fault, id));
  job.exit_status = 1;
  OSTLER_TRY(moves.move(job, model::JobEvent::FinishNonzero));
  return moves.finish();
}

}  // namespace

Result<std::vector<JobId>> list_pending_triggers(Connection& database, std::int64_t limit) {
  return database.list(kPending, read_value<JobId>, limit);
}

Result<FollowUps> refuse_trigger(Connection& database, const RefuseTrigger& command) {
  OSTLER_TRY(const auto awaits, database.find(kAwaits, read_int, command.job));
  if (awaits.value_or(0) == 0) return FollowUps{};
  return fail_trigger(database, command.job, command.fault, command.now);
}

Result<FollowUps> fail_trigger_of(Connection& database, BuildId build, Timestamp now) {
  OSTLER_TRY(const auto job, database.find(kWaitsForBuild, read_value<JobId>, build,
                                           model::JobState::Running, model::JobState::Canceling));
  if (!job) return FollowUps{};
  return fail_trigger(database, *job, "the build that it made was removed before it was over", now);
}

}  // namespace ostler::store::sqlite
