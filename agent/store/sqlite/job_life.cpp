// SPDX-License-Identifier: Apache-2.0
#include "model/tags.hpp"
#include "store/sqlite/commands.hpp"
#include "store/sqlite/durations.hpp"
#include "store/sqlite/job_moves.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/surroundings.hpp"
#include "store/sqlite/tokens.hpp"

namespace ostler::store::sqlite {
namespace {

using model::JobEvent;
using model::JobState;

/// What is uploaded later is not in the job's environment.
constexpr std::string_view kSeeUploads =
    "UPDATE jobs SET uploads_seen = (SELECT coalesce(max(number), 0) FROM pipeline_uploads "
    "WHERE build_id = ?) WHERE id = ?";
/// What an offer of the job would look at.
constexpr std::string_view kPlaceOfJob =
    "SELECT q.cluster_id, q.id, q.dispatch_paused_at IS NOT NULL, s.agent_query_rules, "
    "j.matrix FROM jobs j "
    "JOIN queues q ON q.id = j.queue_id JOIN steps s ON s.id = j.step_id WHERE j.id = ?";
constexpr std::string_view kQueueOfJob =
    "SELECT q.key FROM jobs j JOIN queues q ON q.id = j.queue_id WHERE j.id = ?";

Error conflict(const JobRow& job, std::string_view why) {
  return Error(Errc::Conflict, "job " + job.id.str() + " is " + std::string(to_string(job.state)) +
                                   ": " + std::string(why));
}

struct Place {
  ClusterId cluster;
  QueueId queue;
  bool is_paused = false;
  std::vector<std::string> rules;
};

Place read_place(Row& row) {
  Place place;
  model::Variables matrix;
  row.take(place.cluster, place.queue, place.is_paused, place.rules, matrix);
  vary_rules(place.rules, matrix);
  return place;
}

/// Offers are not kept, so an accept is held against what an offer would have looked at.
Result<void> check_may_be_offered(const JobRow& job, const Place& place,
                                  const model::Agent& agent) {
  if (agent.pause) return conflict(job, "the agent is paused");
  if (agent.stop_requested) return conflict(job, "the agent is asked to stop");
  const model::AgentDescription& about = agent.description;
  if (about.ignore_in_dispatches) return conflict(job, "the agent takes no jobs but by acquire");
  if (place.queue != agent.queue) return conflict(job, "it is in another queue than the agent");
  if (!model::fits(model::terms_of_rules(place.rules), model::terms_of_tags(about.tags))) {
    return conflict(job, "the agent lacks a tag that it demands");
  }
  return success();
}

Result<void> assign(Connection& database, JobMoves& moves, JobRow& job, const AcceptJob& command) {
  const AgentId id = command.agent;
  OSTLER_TRY(const auto agent, load_agent(database, id));
  OSTLER_TRY(const auto place, require(database.find(kPlaceOfJob, read_place, job.id), "job"));
  if (place.cluster != agent.cluster) return Error(Errc::NotFound, "no such job");
  if (agent.state != model::AgentState::Connected) {
    return conflict(job, "its agent is " + std::string(to_string(agent.state)));
  }
  if (agent.job) return conflict(job, "the agent holds job " + agent.job->str());
  if (place.is_paused && job.state == JobState::Scheduled) {
    return conflict(job, "its queue is paused").with_native(kQueuePaused);
  }
  if (!command.is_acquire) {
    OSTLER_TRY(check_may_be_offered(job, place, agent));
  }
  job.agent = id;
  OSTLER_TRY(moves.move(job, JobEvent::Accept));
  OSTLER_TRY(database.run("UPDATE agents SET job_id = ? WHERE id = ?", job.id, id));
  OSTLER_TRY(database.run(kSeeUploads, job.build, job.id));
  return success();
}

/// The token is stored at every accept: the session may have got another one meanwhile.
Result<AcceptedJob> answer(Connection& database, const AcceptJob& command, BuildId build) {
  AcceptedJob accepted;
  OSTLER_TRY(accepted.job, load_job(database, command.job));
  OSTLER_TRY(accepted.queue, require(database.find(kQueueOfJob, read_text, command.job), "job"));
  OSTLER_TRY(const auto all, load_surroundings(database, accepted.job, command.public_url));
  accepted.env = render_job_environment(all);
  accepted.token = derive_job_token(command.session_token, command.job);
  OSTLER_TRY(store_token(database, accepted.token,
                         {.kind = TokenKind::Job,
                          .agent = command.agent,
                          .job = command.job,
                          .created_at = command.now}));
  accepted.follow_ups.builds = {build};
  return accepted;
}

/// What an agent reported before.
struct Report {
  std::optional<Timestamp> finished_at;
  model::Outcome outcome;
  std::int64_t chunks_failed_count = 0;
  friend bool operator==(const Report&, const Report&) = default;
};

Report read_report(Row& row) {
  Report report;
  std::optional<int> exit_status;
  row.take(report.finished_at, exit_status, report.outcome.signal, report.outcome.signal_reason,
           report.outcome.end_cause, report.chunks_failed_count);
  report.outcome.exit_status = exit_status.value_or(0);
  return report;
}

/// What counts as reported: a promised failure in place of a success.
model::Outcome outcome_of(const JobRow& job, const FinishJob& command) {
  model::Outcome outcome = command.outcome;
  if (outcome.exit_status == 0) outcome.exit_status = job.promised_exit_status.value_or(0);
  return outcome;
}

/// Whether the report is a repeat. Errors: Conflict when another one was made.
Result<bool> is_repeat(Connection& database, const JobRow& job, const FinishJob& command) {
  OSTLER_TRY(const auto before,
             require(database.find("SELECT agent_finished_at, exit_status, signal, signal_reason, "
                                   "end_cause, chunks_failed_count FROM jobs WHERE id = ?",
                                   read_report, job.id),
                     "job"));
  if (!before.finished_at) return false;
  const Report now{command.finished_at, outcome_of(job, command), command.chunks_failed_count};
  if (before == now) return true;
  return conflict(job, "it was reported with another outcome before");
}

Result<JobChange> changed(JobMoves& moves, const JobRow& job) {
  OSTLER_TRY(auto follow_ups, moves.finish());
  return JobChange{.state = job.state, .follow_ups = std::move(follow_ups)};
}

}  // namespace

Result<AcceptedJob> accept_job(Connection& database, const AcceptJob& command) {
  JobMoves moves(database, command.now);
  OSTLER_TRY(auto job, moves.load(command.job));
  const bool is_repeat = job.agent == command.agent && is_with_agent(job.state);
  if (is_repeat) return answer(database, command, job.build);
  OSTLER_TRY(assign(database, moves, job, command));
  OSTLER_TRY(auto follow_ups, moves.finish());
  OSTLER_TRY(auto accepted, answer(database, command, job.build));
  accepted.follow_ups = std::move(follow_ups);
  accepted.waited = command.now - job.runnable_at.value_or(command.now);
  return accepted;
}

Result<JobChange> start_job(Connection& database, const StartJob& command) {
  JobMoves moves(database, command.now);
  OSTLER_TRY(auto job, moves.load_own(command.job, command.agent));
  OSTLER_TRY(moves.move(job, JobEvent::Start));
  OSTLER_TRY(
      database.run("UPDATE jobs SET agent_started_at = coalesce(agent_started_at, ?) WHERE id = ?",
                   command.started_at, job.id));
  // A job that was canceled before its start no longer has to start in time.
  if (job.state == JobState::Canceling) {
    OSTLER_TRY(database.run("UPDATE jobs SET due_at = NULL WHERE id = ?", job.id));
  }
  return changed(moves, job);
}

Result<JobChange> finish_job(Connection& database, const FinishJob& command) {
  JobMoves moves(database, command.now);
  OSTLER_TRY(auto job, moves.load_own(command.job, command.agent));
  OSTLER_TRY(const bool repeat, is_repeat(database, job, command));
  if (repeat) return JobChange{.state = job.state, .follow_ups = {}};
  if (command.ignore_agent_in_dispatches) {
    OSTLER_TRY(
        database.run("UPDATE agents SET ignore_in_dispatches = 1 WHERE id = ?", command.agent));
  }
  const model::Outcome outcome = outcome_of(job, command);
  const bool is_zero = outcome.exit_status == 0;
  job.exit_status = outcome.exit_status;
  job.signal = outcome.signal;
  job.signal_reason = outcome.signal_reason;
  job.end_cause = outcome.end_cause;
  OSTLER_TRY(
      database.run("UPDATE jobs SET agent_finished_at = ?, chunks_failed_count = ? WHERE id = ?",
                   command.finished_at, command.chunks_failed_count, job.id));
  OSTLER_TRY(moves.move(job, is_zero ? JobEvent::FinishZero : JobEvent::FinishNonzero));
  return changed(moves, job);
}

Result<JobChange> cancel_job(Connection& database, const CancelJob& command) {
  JobMoves moves(database, command.now);
  OSTLER_TRY(auto job, moves.load(command.job));
  OSTLER_TRY(moves.move(job, JobEvent::Cancel));
  return changed(moves, job);
}

}  // namespace ostler::store::sqlite
