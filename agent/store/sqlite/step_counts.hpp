// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "model/dependency.hpp"
#include "store/sqlite/connection.hpp"

// How far steps are and what they wait for, as counters that are kept with each step: no change of
// a job looks at the other jobs of its step or at the other dependencies of a dependent.
namespace ostler::store::sqlite {

/// The last attempts of a step's jobs.
struct StepCounts {
  std::int64_t open = 0;
  std::int64_t failed = 0;
  std::int64_t barred = 0;

  bool is_over() const { return open == 0; }
  /// What the step means to those that depend on it. Requires: is_over().
  model::DependencyResult result() const;
};

/// Of a step with one job less, or more, that is open. `result`: that of the job once it is over.
Result<StepCounts> count_ended_job(Connection& database, StepId step,
                                   model::DependencyResult result);
/// The counters as they were before.
Result<StepCounts> count_reopened_job(Connection& database, StepId step,
                                      model::DependencyResult result);

/// What a step waits for.
struct StepNeeds {
  std::int64_t unmet = 0;       ///< dependencies that are not met
  std::int64_t obstructed = 0;  ///< those of them that are over

  bool are_met() const { return unmet == 0; }
};
Result<StepNeeds> load_needs(Connection& database, StepId step);

struct DependentStep {
  StepId step;
  bool allow_failure = false;
};
/// In the order of the build.
Result<std::vector<DependentStep>> list_dependents(Connection& database, StepId step);

/// Of a dependent, once one of its dependencies is over, or is so no more.
Result<StepNeeds> count_ended_dependency(Connection& database, StepId dependent, bool is_met);
Result<StepNeeds> count_reopened_dependency(Connection& database, StepId dependent, bool was_met);
/// Lets nobody depend on a step that is to be removed.
Result<void> remove_dependency(Connection& database, StepId step);

}  // namespace ostler::store::sqlite
