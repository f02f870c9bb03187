// SPDX-License-Identifier: Apache-2.0
#include "model/build_state.hpp"

namespace ostler::model {

BuildState derive_build_state(const JobCounts& counts, bool cancel_requested) {
  if (cancel_requested) return counts.open > 0 ? BuildState::Canceling : BuildState::Canceled;
  if (counts.open > 0) {
    if (counts.hard_failed > 0) return BuildState::Failing;
    return counts.executed > 0 ? BuildState::Running : BuildState::Scheduled;
  }
  if (counts.hard_failed > 0) return BuildState::Failed;
  return counts.executed > 0 ? BuildState::Passed : BuildState::NotRun;
}

bool is_terminal(BuildState state) {
  return state == BuildState::Passed || state == BuildState::Failed ||
         state == BuildState::Canceled || state == BuildState::NotRun;
}

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
  }
  return "unknown";
}

}  // namespace ostler::model
