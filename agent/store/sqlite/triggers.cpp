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
constexpr std::string_view kFault = "UPDATE jobs SET trigger_fault = ? WHERE id = ?";

}  // namespace

Result<std::vector<JobId>> list_pending_triggers(Connection& database, std::int64_t limit) {
  return database.list(kPending, read_value<JobId>, limit);
}

Result<FollowUps> refuse_trigger(Connection& database, const RefuseTrigger& command) {
  OSTLER_TRY(const auto awaits, database.find(kAwaits, read_int, command.job));
  if (awaits.value_or(0) == 0) return FollowUps{};
  JobMoves moves(database, command.now);
  OSTLER_TRY(auto job, moves.load(command.job));
  OSTLER_TRY(database.run(kFault, command.fault, command.job));
  job.exit_status = 1;
  OSTLER_TRY(moves.move(job, model::JobEvent::FinishNonzero));
  return moves.finish();
}

}  // namespace ostler::store::sqlite
