// SPDX-License-Identifier: Apache-2.0
#include "model/step_jobs.hpp"

#include <algorithm>

namespace ostler::model {
namespace {

constexpr std::string_view kNoParallelJobs = "parallelism_zero";

StepJob job_like(const StepDefinition& step) {
  return {.soft_fail = step.soft_fail, .broken_reason = step.skip};
}

std::vector<StepJob> parallel_jobs(const StepDefinition& step, int total) {
  if (total == 0) {
    StepJob none = job_like(step);
    if (!none.broken_reason) none.broken_reason = kNoParallelJobs;
    return {std::move(none)};
  }
  std::vector<StepJob> jobs;
  for (int index = 0; index < total; ++index) {
    jobs.push_back(job_like(step));
    jobs.back().variation.parallel_index = index;
    jobs.back().variation.parallel_total = total;
  }
  return jobs;
}

std::vector<StepJob> matrix_jobs(const StepDefinition& step, const Matrix& matrix) {
  std::vector<StepJob> jobs;
  for (MatrixValues& values : combinations_of(matrix)) {
    StepJob job = job_like(step);
    const auto found = std::ranges::find(matrix.adjustments, values, &MatrixAdjustment::with);
    if (found != matrix.adjustments.end()) {
      if (found->soft_fail) job.soft_fail = *found->soft_fail;
      if (!job.broken_reason) job.broken_reason = found->skip;
    }
    job.variation.matrix = std::move(values);
    jobs.push_back(std::move(job));
  }
  return jobs;
}

}  // namespace

std::size_t count_jobs(const StepDefinition& step) {
  if (step.parallelism) return static_cast<std::size_t>(std::max(1, *step.parallelism));
  return step.matrix ? combinations_of(*step.matrix).size() : 1;
}

std::vector<StepJob> jobs_of(const StepDefinition& step) {
  if (step.parallelism) return parallel_jobs(step, *step.parallelism);
  if (step.matrix) return matrix_jobs(step, *step.matrix);
  return {job_like(step)};
}

}  // namespace ostler::model
