// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "model/build_state.hpp"
#include "model/concurrency.hpp"
#include "model/dependency.hpp"
#include "model/job.hpp"
#include "store/follow_ups.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/event_log.hpp"
#include "store/sqlite/step_counts.hpp"

namespace ostler::store::sqlite {

/// What a change of state reads and writes of a job.
struct JobRow {
  JobId id;
  BuildId build;
  StepId step;
  model::StepKind kind = model::StepKind::Command;
  std::optional<int> timeout_in_minutes;
  model::JobState state = model::JobState::Waiting;
  std::optional<model::ConcurrencyGroupId> group;
  std::optional<AgentId> agent;
  std::optional<int> exit_status;
  std::optional<int> promised_exit_status;  ///< the failure that it promised
  std::string soft_fail;                    ///< which failures are soft (job_texts.hpp)
  bool soft_failed = false;
  std::string signal;
  std::string signal_reason;
  std::optional<model::EndCause> end_cause;
  std::optional<Timestamp> due_at;
  std::optional<Timestamp> limited_at;
  std::optional<Timestamp> runnable_at;
  std::optional<Timestamp> started_at;
  std::optional<Timestamp> finished_at;
  std::optional<Timestamp> expired_at;
  std::optional<BuildId> triggered_build;  ///< of a trigger that has made it
};

/// What the end of a job means. Requires: is_terminal(job.state).
model::DependencyResult result_of(const JobRow& job);
bool is_failure(const JobRow& job);

/// Moves jobs from state to state within one transaction, with all that follows: another attempt at
/// what failed, the steps that depend on them, those that wait in their concurrency groups, the
/// counters and the state of their builds, the builds that they trigger and those that triggered
/// theirs, the agents that held them, their logs. It touches dependents only.
class JobMoves {
 public:
  JobMoves(Connection& database, Timestamp now)
      : database_(database), now_(now), events_(database, now) {}

  /// Errors: NotFound.
  Result<JobRow> load(JobId job);
  /// A job that this agent accepted. Errors: NotFound.
  Result<JobRow> load_own(JobId job, AgentId agent);

  /// Applies an event to a loaded job and keeps the result, whose other fields the caller may have
  /// set. Errors: Conflict when the event is not allowed.
  Result<void> move(JobRow& job, model::JobEvent event);

  /// The same without a look at dependents, for a build all of whose jobs end.
  Result<void> move_alone(JobRow& job, model::JobEvent event);

  /// Makes another attempt at a job that is over, because a person wants it; what its end kept from
  /// running waits for it again. Requires: the job is the last attempt.
  Result<JobRow> retry_by_hand(const JobRow& job, const std::optional<UserId>& by);

  /// Counts a new job, which is Waiting.
  void count_new(const JobRow& job);

  /// Counts a job out that no agent ever held and whose rows the caller deletes.
  void count_removed(const JobRow& job);

  /// Gives the job of a trigger its build; how deep in triggers that is.
  /// Errors: Conflict when the job has one or is over, or would go too deep.
  Result<std::int64_t> attach_build(JobId job, BuildId build);

  /// Tells of a key of meta-data that the transaction has set.
  void note_meta_data(BuildId build, const std::string& key) { events_.meta_data(build, key); }

  /// Takes notice of builds that changed in another way.
  void touch(BuildId build) { deltas_[build]; }

  /// Settles dependents, builds and concurrency groups. Call it once, last.
  Result<FollowUps> finish();

 private:
  struct EndedStep {
    StepId step;
    model::DependencyResult result;
  };

  struct ReopenedStep {
    StepId step;
    model::DependencyResult former;  ///< what it had come to
  };
  /// How a new attempt comes to be.
  struct Retry {
    model::RetryType type = model::RetryType::Automatic;
    std::optional<UserId> by{};
    std::string rule_retries{};  ///< of the new attempt
  };

  Result<void> apply(JobRow& job, model::JobEvent event);
  Result<std::vector<JobId>> jobs_in(StepId step, model::JobState state);

  // job_retries.cpp
  /// Whether a rule of its step let the job, which has just ended, run again.
  Result<bool> retry_automatically(const JobRow& job);
  Result<JobRow> insert_attempt(const JobRow& job, const Retry& how);
  Result<void> place(JobRow& attempt);
  /// Counts a job that was over as open again; the step, when it was over with it.
  Result<void> reopen(const JobRow& job, model::DependencyResult former,
                      std::vector<ReopenedStep>& reopened);
  Result<void> reopen_dependents(const ReopenedStep& step, std::vector<ReopenedStep>& reopened);
  Result<void> revive(StepId step, std::vector<ReopenedStep>& reopened);

  // trigger_moves.cpp
  Result<void> note_trigger(const JobRow& job, model::JobState from);
  /// Cancels the builds of triggers that are canceled.
  Result<void> stop_triggered_builds();
  /// Tells triggers what has become of their builds.
  Result<void> report_to_triggers();

  void note(const JobRow& job, model::JobState from);
  void count(const JobRow& job, model::JobState from);
  void stamp(JobRow& job, model::JobState from) const;
  Result<void> save(const JobRow& job);
  Result<void> release_agent(const JobRow& job);
  Result<void> settle_dependents(const EndedStep& ended);
  Result<std::optional<model::BlockedState>> blocked_state_of(BuildId build);
  Result<void> settle_all_dependents();
  Result<void> settle_all_builds();
  /// Cancels what is not to go on in builds that turn failing.
  Result<void> stop_failing_builds();
  Result<void> cancel_on_failing(BuildId build);
  /// Keeps account of who waits behind gates in a build.
  Result<void> place_behind_gates(BuildId build);
  /// Those of jobs that waited in vain end with the build.
  Result<void> end_logs_of(BuildId build);
  Result<void> admit(model::ConcurrencyGroupId group);
  Result<void> settle_build(BuildId build, const model::JobCounts& delta);

  Connection& database_;
  Timestamp now_;
  FollowUps follow_ups_;
  std::map<BuildId, model::JobCounts> deltas_;
  std::vector<EndedStep> ended_;
  std::set<BuildId> gated_;  ///< with new jobs in groups, or gates that have moved
  std::set<model::ConcurrencyGroupId> groups_;  ///< in which somebody may have got room
  std::vector<JobId> to_cancel_;                ///< triggers whose builds are to be
  std::vector<BuildId> at_rest_;                ///< have come to rest
  EventLog events_;
};

}  // namespace ostler::store::sqlite
