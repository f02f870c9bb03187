// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/build_cancellation.hpp"

#include "pipeline/branch_filter.hpp"
#include "store/sqlite/commands.hpp"
#include "store/sqlite/end_of_build.hpp"
#include "store/sqlite/job_moves.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

/// Jobs that can still run or do, and gates; a canceling one ends by itself.
constexpr std::string_view kOpenJobs =
    "SELECT id FROM jobs WHERE build_id = ? AND state IN (1, 3, 4, 5, 7, 13, 17) ORDER BY "
    "sort_key, id";
/// That have begun; a blocked one may not have. The rest is for the next builds: so many, that a
/// setting that is switched on late does not hold the writer up.
constexpr std::string_view kOlderOfBranch =
    "SELECT id FROM builds INDEXED BY builds_by_pipeline_state WHERE pipeline_id = ? "
    "AND state IN (2, 3, 9) AND started_at IS NOT NULL AND removing = 0 AND branch = ? "
    "AND number < ? AND id IS NOT ? ORDER BY number DESC LIMIT 50";
/// That have not, and of which no agent has taken a job; so many, for the same reason.
constexpr std::string_view kQueuedOfBranch =
    "SELECT id FROM builds INDEXED BY builds_queued_by_branch WHERE pipeline_id = ? "
    "AND state = 1 AND with_agent_jobs = 0 AND removing = 0 AND branch = ? AND number < ? "
    "ORDER BY number DESC LIMIT 50";
constexpr std::string_view kRequest =
    "UPDATE builds SET cancel_requested = 1, cancel_reason = ? WHERE id = ?";

bool may_cancel(model::BuildState state) {
  return !is_terminal(state) && state != model::BuildState::Canceling;
}

}  // namespace

Result<void> cancel_all_jobs(Connection& database, JobMoves& moves, BuildId build,
                             const std::string& reason) {
  OSTLER_TRY(database.run(kRequest, reason, build));
  moves.touch(build);
  OSTLER_TRY(const auto jobs, database.list(kOpenJobs, read_value<JobId>, build));
  for (const JobId id : jobs) {
    OSTLER_TRY(auto job, moves.load(id));
    OSTLER_TRY(moves.move_alone(job, model::JobEvent::Cancel));
  }
  return success();
}

namespace {

struct Superseding {
  Connection& database;
  JobMoves& moves;
  PipelineId pipeline;
  const NewerBuild& newer;
};

std::string superseded_by(const NewerBuild& newer) {
  return "superseded by build " + std::to_string(newer.number);
}

Result<void> mark_superseded(const Superseding& by, BuildId build) {
  OSTLER_TRY(by.database.run("UPDATE builds SET superseded = 1, cancel_reason = ? WHERE id = ?",
                             superseded_by(by.newer), build));
  return success();
}

Result<void> skip_queued(const Superseding& by) {
  OSTLER_TRY(const auto builds, by.database.list(kQueuedOfBranch, read_value<BuildId>, by.pipeline,
                                                 by.newer.branch, by.newer.number));
  for (const BuildId build : builds) {
    OSTLER_TRY(mark_superseded(by, build));
    by.moves.touch(build);
    OSTLER_TRY(const auto jobs, by.database.list(kOpenJobs, read_value<JobId>, build));
    for (const JobId id : jobs) {
      OSTLER_TRY(auto job, by.moves.load(id));
      OSTLER_TRY(by.moves.move_alone(job, model::JobEvent::Skip));
    }
  }
  return success();
}

Result<void> cancel_running(const Superseding& by) {
  OSTLER_TRY(const auto builds,
             by.database.list(kOlderOfBranch, read_value<BuildId>, by.pipeline, by.newer.branch,
                              by.newer.number, by.newer.triggered_from));
  for (const BuildId build : builds) {
    OSTLER_TRY(mark_superseded(by, build));
    OSTLER_TRY(cancel_all_jobs(by.database, by.moves, build, superseded_by(by.newer)));
  }
  return success();
}

}  // namespace

Result<void> end_superseded(Connection& database, JobMoves& moves, const model::Pipeline& pipeline,
                            const NewerBuild& newer) {
  const model::PipelineSettings& set = pipeline.settings;
  const Superseding by{database, moves, pipeline.id, newer};
  const auto is_for = [&](const std::string& filter) {
    return pipeline::matches_branch(filter, newer.branch);
  };
  if (set.skip_queued_branch_builds && is_for(set.skip_queued_branch_builds_filter)) {
    OSTLER_TRY(skip_queued(by));
  }
  if (set.cancel_running_branch_builds && is_for(set.cancel_running_branch_builds_filter)) {
    OSTLER_TRY(cancel_running(by));
  }
  return success();
}

Result<BuildChange> cancel_build(Connection& database, const CancelBuild& command) {
  OSTLER_TRY(const auto before, load_build(database, command.build));
  if (!may_cancel(before.state)) {
    return Error(Errc::Conflict, "build is " + std::string(to_string(before.state)) +
                                     ": it can no longer be canceled");
  }
  OSTLER_TRY(const auto end, load_end_of_build(database, command.build));
  if (end.is_removing) return build_is_going();
  JobMoves moves(database, command.now);
  OSTLER_TRY(cancel_all_jobs(database, moves, command.build, command.reason));
  OSTLER_TRY(auto follow_ups, moves.finish());
  OSTLER_TRY(auto build, load_build(database, command.build));
  return BuildChange{.build = std::move(build), .follow_ups = std::move(follow_ups)};
}

}  // namespace ostler::store::sqlite
