// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "model/end_cause.hpp"
#include "model/gate.hpp"
#include "model/job_state.hpp"
#include "model/pipeline_definition.hpp"
#include "model/triggered_build.hpp"
#include "model/user.hpp"
#include "model/variation.hpp"

namespace ostler::model {

/// What steps of a build are shown under.
struct StepGroup {
  StepId id;
  std::string key;    ///< empty: none
  std::string label;  ///< empty: none
};

/// One step of a build. A step has jobs; edges run between steps.
struct Step {
  StepId id;
  BuildId build;
  std::int64_t position = 0;  ///< in the order of the pipeline, from 0
  StepKind kind = StepKind::Command;
  std::string key;                 ///< empty: none
  std::string label;               ///< empty: none
  std::optional<Gate> gate;        ///< of a block or an input
  std::optional<Trigger> trigger;  ///< of a trigger
  std::string command;
  Variables env;                               ///< of this step only
  std::vector<std::string> agent_query_rules;  ///< "tag=value"
  std::string artifact_paths;                  ///< globs joined by ";"
  std::optional<int> timeout_in_minutes;       ///< of a job: its own, where it has one
  std::optional<StepGroup> group;
  CarriedAttributes carried;
};

/// How a job ended, in its agent's words or in the hub's own when its agent is lost.
struct Outcome {
  int exit_status = 0;
  std::string signal;                   ///< "SIGTERM"; empty: none
  std::string signal_reason;            ///< "cancel"; empty: none
  std::optional<EndCause> end_cause{};  ///< none: the others tell all

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// A job that runs again is another job: each is one attempt.
struct Attempt {
  std::int64_t retries_count = 0;              ///< how many attempts were before it
  std::optional<JobId> source;                 ///< the attempt before; none: it is the first
  std::optional<RetryType> source_retry_type;  ///< who let that one run again, as this one
  std::optional<JobId> retried_in;             ///< the attempt after it; none: it is the last
  std::optional<RetryType> retry_type;         ///< who let it run again
  std::optional<User> retried_by;              ///< the person who did
};

/// One attempt at a step. Only the job of a command step is for agents to see.
/// What a job has said of its own end before it came.
struct PromisedFailure {
  int exit_status = 1;  ///< in place of 0
  std::string reason;   ///< may be empty
  friend bool operator==(const PromisedFailure&, const PromisedFailure&) = default;
};

struct Job {
  JobId id;
  Step step;
  QueueId queue;
  JobState state = JobState::Waiting;
  std::int64_t priority = 0;
  std::optional<AgentId> agent;    ///< who accepted it
  std::optional<Outcome> outcome;  ///< once it is terminal and an agent held it
  std::optional<PromisedFailure> promised_failure;
  bool soft_failed = false;   ///< it failed, and its build does not for that
  std::string broken_reason;  ///< why it never runs; empty: no reason is known
  Variation variation;        ///< its `step` has the texts that are this job's own
  Attempt attempt;
  std::optional<Unblocking> unblocking;     ///< of a gate that was opened
  std::optional<TriggeredBuild> triggered;  ///< of a trigger; none: not made yet, or removed
  std::string trigger_fault;                ///< why a trigger made no build; empty: nothing did
  Timestamp created_at;
  std::optional<Timestamp> scheduled_at;  ///< orders dispatch
  std::optional<Timestamp> limited_at;    ///< when only its concurrency group was in its way
  std::optional<Timestamp> runnable_at;   ///< when it became Scheduled
  std::optional<Timestamp> started_at;
  std::optional<Timestamp> finished_at;
  std::optional<Timestamp> expired_at;
};

}  // namespace ostler::model
