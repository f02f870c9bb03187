// SPDX-License-Identifier: Apache-2.0
#include "model/build_state.hpp"

namespace ostler::model {

JobCounts& JobCounts::operator+=(const JobCounts& other) {
  open += other.open;
  waiting += other.waiting;
  with_agent += other.with_agent;
  blocked += other.blocked;
  executed += other.executed;
  hard_failed += other.hard_failed;
  return *this;
}

JobCounts& JobCounts::operator-=(const JobCounts& other) {
  open -= other.open;
  waiting -= other.waiting;
  with_agent -= other.with_agent;
  blocked -= other.blocked;
  executed -= other.executed;
  hard_failed -= other.hard_failed;
  return *this;
}

JobCounts standing_of(StepKind kind, JobState state) {
  if (kind == StepKind::Wait) return {};
  if (is_gate(kind)) return {.blocked = int{state == JobState::Blocked}};
  return {.open = int{!is_terminal(state)},
          .with_agent = int{kind == StepKind::Command && is_with_agent(state)},
          .waiting = int{state == JobState::Waiting}};
}

BuildState derive_build_state(const JobCounts& counts, bool cancel_requested) {
  if (cancel_requested) return counts.open > 0 ? BuildState::Canceling : BuildState::Canceled;
  if (counts.blocked > 0 && counts.open == counts.waiting) return BuildState::Blocked;
  if (counts.open > 0) {
    if (counts.hard_failed > 0) return BuildState::Failing;
    return counts.executed > 0 ? BuildState::Running : BuildState::Scheduled;
  }
  if (counts.hard_failed > 0) return BuildState::Failed;
  return counts.executed > 0 ? BuildState::Passed : BuildState::NotRun;
}

bool is_terminal(BuildState state) {
  return state == BuildState::Passed || state == BuildState::Failed ||
         state == BuildState::Canceled || state == BuildState::NotRun ||
         state == BuildState::Skipped;
}

bool is_at_rest(BuildState state) { return is_terminal(state) || state == BuildState::Blocked; }

std::string_view to_string(BuildState state) {
  switch (state) {
    case BuildState::Scheduled: return "scheduled";
    case BuildState::Running: return "running";
    case BuildState::Failing: return "failing";
    case BuildState::Passed: return "passed";
    case BuildState::Failed: return "failed";
    case BuildState::Canceling: return "canceling";
    case BuildState::Canceled: return "canceled";
    case BuildState::NotRun: return "not_run";
    case BuildState::Blocked: return "blocked";
    case BuildState::Skipped: return "skipped";
  }
  return "unknown";
}

}  // namespace ostler::model
