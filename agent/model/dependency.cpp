// SPDX-License-Identifier: Apache-2.0
#include "model/dependency.hpp"

#include "base/assert.hpp"

namespace ostler::model {

DependencyResult dependency_result(JobState state, std::optional<int> exit_status,
                                   bool soft_failed) {
  OSTLER_ASSERT(is_terminal(state));
  if (state == JobState::Canceled || state == JobState::Expired) return DependencyResult::Barred;
  const bool has_passed = state == JobState::Broken || state == JobState::Unblocked ||
                          state == JobState::Skipped || soft_failed ||
                          (state == JobState::Finished && exit_status.value_or(0) == 0);
  return has_passed ? DependencyResult::Met : DependencyResult::Failed;
}

bool is_met(DependencyResult result, bool allow_failure) {
  return result == DependencyResult::Met || (result == DependencyResult::Failed && allow_failure);
}

bool is_hard_failure(JobState state, std::optional<int> exit_status, bool soft_failed) {
  const bool is_consequence = state == JobState::WaitingFailed || state == JobState::BlockedFailed;
  return !is_consequence && !soft_failed &&
         dependency_result(state, exit_status) != DependencyResult::Met;
}

}  // namespace ostler::model
