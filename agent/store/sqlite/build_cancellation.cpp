// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/commands.hpp"
#include "store/sqlite/job_moves.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

/// Jobs that can still run or do, and gates; a canceling one ends by itself.
constexpr std::string_view kOpenJobs =
    "SELECT id FROM jobs WHERE build_id = ? AND state IN (1, 3, 4, 5, 7, 13, 17) ORDER BY "
    "sort_key, id";
constexpr std::string_view kRequest =
    "UPDATE builds SET cancel_requested = 1, cancel_reason = ? WHERE id = ?";

bool may_cancel(model::BuildState state) {
  return !is_terminal(state) && state != model::BuildState::Canceling;
}

}  // namespace

Result<BuildChange> cancel_build(Connection& database, const CancelBuild& command) {
  OSTLER_TRY(const auto before, load_build(database, command.build));
  if (!may_cancel(before.state)) {
    return Error(Errc::Conflict, "build is " + std::string(to_string(before.state)) +
                                     ": it can no longer be canceled");
  }
  OSTLER_TRY(database.run(kRequest, command.reason, command.build));
  JobMoves moves(database, command.now);
  moves.touch(command.build);
  OSTLER_TRY(const auto jobs, database.list(kOpenJobs, read_value<JobId>, command.build));
  for (const JobId id : jobs) {
    OSTLER_TRY(auto job, moves.load(id));
    OSTLER_TRY(moves.move_alone(job, model::JobEvent::Cancel));
  }
  OSTLER_TRY(auto follow_ups, moves.finish());
  OSTLER_TRY(auto build, load_build(database, command.build));
  return BuildChange{.build = std::move(build), .follow_ups = std::move(follow_ups)};
}

}  // namespace ostler::store::sqlite
