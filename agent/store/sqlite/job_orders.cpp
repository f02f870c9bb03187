// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/commands.hpp"
#include "store/sqlite/event_log.hpp"
#include "store/sqlite/job_moves.hpp"
#include "store/sqlite/rows.hpp"
#include "store/steps.hpp"

// What is ordered about a job, by itself or by others.
namespace ostler::store::sqlite {
namespace {

using model::JobState;

constexpr std::string_view kLongestOfPipeline =
    "SELECT p.maximum_command_step_timeout FROM builds b JOIN pipelines p ON p.id = b.pipeline_id "
    "WHERE b.id = ?";

Error over(const JobRow& job, std::string_view what) {
  return {Errc::Conflict, "job " + job.id.str() + " is " + std::string(to_string(job.state)) +
                              ": " + std::string(what)};
}

Result<void> check_timeout(Connection& database, BuildId build, std::int64_t minutes) {
  OSTLER_TRY(const auto most, require(database.find(kLongestOfPipeline,
                                                    read_value<std::optional<std::int64_t>>, build),
                                      "build"));
  const std::int64_t limit = most.value_or(kLongestTimeout);
  if (minutes >= 1 && minutes <= limit) return success();
  return Error(Errc::UserFault,
               "the timeout of a job here is 1 to " + std::to_string(limit) + " minutes");
}

}  // namespace

Result<void> limit_job(Connection& database, const LimitJob& command) {
  JobMoves moves(database, {});
  OSTLER_TRY(const auto job, moves.load_own(command.job, command.agent));
  OSTLER_TRY(check_timeout(database, job.build, command.timeout_in_minutes));
  if (is_terminal(job.state)) return over(job, "its timeout can no longer be changed");
  OSTLER_TRY(database.run("UPDATE jobs SET timeout_in_minutes = ? WHERE id = ?",
                          command.timeout_in_minutes, job.id));
  if (job.state == JobState::Running && job.started_at) {
    OSTLER_TRY(database.run("UPDATE jobs SET due_at = ? WHERE id = ?",
                            *job.started_at + std::chrono::minutes(command.timeout_in_minutes),
                            job.id));
  }
  return success();
}

Result<FollowUps> reprioritize_job(Connection& database, const ReprioritizeJob& command) {
  JobMoves moves(database, {});
  OSTLER_TRY(const auto job, moves.load(command.job));
  if (is_terminal(job.state)) return over(job, "its priority means nothing any more");
  OSTLER_TRY(
      database.run("UPDATE jobs SET priority = ? WHERE id = ?", command.priority, command.job));
  EventLog events(database, command.now);
  events.job_changed(job);
  OSTLER_TRY(events.write(job.build));
  FollowUps follow_ups;
  follow_ups.builds.push_back(job.build);
  if (job.state != JobState::Scheduled) return follow_ups;
  // It takes its new place among those that wait for an agent.
  follow_ups.dropped.push_back(job.id);
  follow_ups.runnable.push_back(job.id);
  return follow_ups;
}

Result<StandingPromise> promise_failure(Connection& database, const PromiseFailure& command) {
  JobMoves moves(database, {});
  OSTLER_TRY(const auto job, moves.load_own(command.job, command.agent));
  if (job.state != JobState::Accepted && job.state != JobState::Running) {
    return over(job, "only a running one can promise a failure");
  }
  if (job.promised_exit_status) return StandingPromise{*job.promised_exit_status, {}};
  OSTLER_TRY(
      database.run("UPDATE jobs SET promised_exit_status = ?, promised_reason = ? WHERE id = ?",
                   command.exit_status, command.reason, job.id));
  EventLog events(database, command.now);
  events.job_changed(job);
  OSTLER_TRY(events.write(job.build));
  StandingPromise promise{command.exit_status, {}};
  promise.follow_ups.builds.push_back(job.build);
  return promise;
}

}  // namespace ostler::store::sqlite
