// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include "store/sqlite/commands.hpp"
#include "store/sqlite/end_of_build.hpp"
#include "store/sqlite/job_moves.hpp"
#include "store/sqlite/meta_data.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

// Gates that people open. The texts of the errors are for them: reference/rest-api.md 10.7.
namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kIsKnown =
    "SELECT 1 FROM builds b JOIN pipelines p ON p.id = b.pipeline_id "
    "JOIN users u ON u.organization_id = p.organization_id WHERE b.id = ? AND u.id = ?";
constexpr std::string_view kNote =
    "UPDATE jobs SET unblocked_by = ?, unblocked_at = ? WHERE id = ?";

/// Errors: UserFault, Conflict.
Result<void> check_may_be_unblocked(Connection& database, const JobRow& job,
                                    const std::optional<UserId>& by) {
  if (!is_gate(job.kind)) return Error(Errc::UserFault, "This job type cannot be unblocked");
  OSTLER_TRY(const auto end, load_end_of_build(database, job.build));
  if (end.is_canceled) {
    return Error(Errc::Conflict, "Jobs from canceled builds cannot be unblocked");
  }
  if (end.is_removing) return build_is_going();
  if (job.state != model::JobState::Blocked) {
    return Error(Errc::Conflict, "The job's state must be blocked");
  }
  if (!by) return success();
  OSTLER_TRY(const auto known, database.find(kIsKnown, read_int, job.build, *by));
  if (known) return success();
  return Error(Errc::Conflict, "Unblocker is not a valid user id for this organization");
}

}  // namespace

Result<UnblockedJob> unblock_job(Connection& database, const UnblockJob& command) {
  JobMoves moves(database, command.now);
  OSTLER_TRY(auto job, moves.load(command.job));
  OSTLER_TRY(check_may_be_unblocked(database, job, command.by));
  OSTLER_TRY(insert_answers(database, job.build, command.answers));
  for (const auto& [key, value] : command.answers) moves.note_meta_data(job.build, key);
  OSTLER_TRY(database.run(kNote, command.by, command.now, command.job));
  OSTLER_TRY(moves.move(job, model::JobEvent::Unblock));
  UnblockedJob unblocked;
  OSTLER_TRY(unblocked.follow_ups, moves.finish());
  OSTLER_TRY(unblocked.job, load_job(database, command.job));
  return unblocked;
}

}  // namespace ostler::store::sqlite
