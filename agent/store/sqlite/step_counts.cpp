// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/step_counts.hpp"

#include <string_view>

#include "base/assert.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

using model::DependencyResult;

constexpr std::string_view kCountJobs =
    "UPDATE steps SET open_jobs = open_jobs + ?2, failed_jobs = failed_jobs + ?3, "
    "barred_jobs = barred_jobs + ?4 WHERE id = ?1 RETURNING open_jobs, failed_jobs, barred_jobs";
constexpr std::string_view kCountDependency =
    "UPDATE steps SET unmet = unmet + ?2, obstructed = obstructed + ?3 WHERE id = ?1 "
    "RETURNING unmet, obstructed";
constexpr std::string_view kCounts =
    "SELECT open_jobs, failed_jobs, barred_jobs FROM steps WHERE id = ?";
constexpr std::string_view kNeeds = "SELECT unmet, obstructed FROM steps WHERE id = ?";
constexpr std::string_view kDependents =
    "SELECT e.dependent_id, e.allow_failure FROM step_edges e "
    "JOIN steps s ON s.id = e.dependent_id WHERE e.dependency_id = ? ORDER BY s.sort_key";

StepCounts read_counts(Row& row) {
  StepCounts counts;
  row.take(counts.open, counts.failed, counts.barred);
  return counts;
}

StepNeeds read_needs(Row& row) {
  StepNeeds needs;
  row.take(needs.unmet, needs.obstructed);
  return needs;
}

DependentStep read_dependent(Row& row) {
  DependentStep dependent;
  row.take(dependent.step, dependent.allow_failure);
  return dependent;
}

/// By what one job of that result changes the counters.
StepCounts one_job(DependencyResult result) {
  return {.open = 1,
          .failed = int{result == DependencyResult::Failed},
          .barred = int{result == DependencyResult::Barred}};
}

Result<StepNeeds> count_dependency(Connection& database, StepId dependent, int unmet,
                                   int obstructed) {
  return require(database.find(kCountDependency, read_needs, dependent, unmet, obstructed), "step");
}

}  // namespace

DependencyResult StepCounts::result() const {
  OSTLER_ASSERT(is_over());
  if (barred > 0) return DependencyResult::Barred;
  return failed > 0 ? DependencyResult::Failed : DependencyResult::Met;
}

Result<StepCounts> count_ended_job(Connection& database, StepId step, DependencyResult result) {
  const StepCounts by = one_job(result);
  return require(database.find(kCountJobs, read_counts, step, -by.open, by.failed, by.barred),
                 "step");
}

Result<StepCounts> count_reopened_job(Connection& database, StepId step, DependencyResult result) {
  const StepCounts by = one_job(result);
  OSTLER_TRY(StepCounts counts,
             require(database.find(kCountJobs, read_counts, step, by.open, -by.failed, -by.barred),
                     "step"));
  counts.open -= by.open;
  counts.failed += by.failed;
  counts.barred += by.barred;
  return counts;
}

Result<StepNeeds> load_needs(Connection& database, StepId step) {
  return require(database.find(kNeeds, read_needs, step), "step");
}

Result<std::vector<DependentStep>> list_dependents(Connection& database, StepId step) {
  return database.list(kDependents, read_dependent, step);
}

Result<StepNeeds> count_ended_dependency(Connection& database, StepId dependent, bool is_met) {
  return count_dependency(database, dependent, is_met ? -1 : 0, is_met ? 0 : 1);
}

Result<StepNeeds> count_reopened_dependency(Connection& database, StepId dependent, bool was_met) {
  return count_dependency(database, dependent, was_met ? 1 : 0, was_met ? 0 : -1);
}

Result<void> remove_dependency(Connection& database, StepId step) {
  OSTLER_TRY(const auto counts, require(database.find(kCounts, read_counts, step), "step"));
  OSTLER_TRY(const auto dependents, list_dependents(database, step));
  for (const DependentStep& dependent : dependents) {
    const bool met = counts.is_over() && is_met(counts.result(), dependent.allow_failure);
    if (met) continue;
    OSTLER_TRY(count_dependency(database, dependent.step, -1, counts.is_over() ? -1 : 0));
  }
  OSTLER_TRY(database.run("DELETE FROM step_edges WHERE dependency_id = ?", step));
  return success();
}

}  // namespace ostler::store::sqlite
