// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/upload_limits.hpp"

#include <string_view>

#include "model/step_jobs.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

/// Source: reference/pipeline-yaml.md 24.
constexpr std::size_t kMostJobsPerUpload = 500;
/// So that one upload does not hold the writer up.
constexpr std::size_t kMostEdges = 100'000;
/// Of all uploads of a build together, which every job of it is given.
constexpr std::int64_t kLargestEnv = 1 << 20;
constexpr std::string_view kEnvSize =
    "SELECT coalesce(sum(length(env)), 0) FROM pipeline_uploads WHERE build_id = ?";

Error too_much(std::string text) { return Error(Errc::UserFault, "pipeline: " + std::move(text)); }

Result<void> check_jobs(const Site& site, const pipeline::UploadPlan& plan, std::size_t most) {
  std::size_t jobs = 0;
  for (const auto& step : plan.steps) jobs += model::count_jobs(step.planned.definition);
  if (jobs > kMostJobsPerUpload) {
    return too_much(std::to_string(jobs) +
                    " jobs are more than the 500 of one upload; upload it in parts");
  }
  for (const SiteStep& step : site.steps) jobs += static_cast<std::size_t>(step.jobs);
  if (jobs <= most) return success();
  return too_much("the build would have " + std::to_string(jobs) + " jobs, more than " +
                  std::to_string(most) + "; divide it into several builds");
}

Result<void> check_edges(const Site& site, const pipeline::UploadPlan& plan) {
  std::size_t edges = site.dependents.size() * plan.steps.size();
  for (const auto& step : plan.steps) {
    edges += step.planned.dependencies.size() + step.present_dependencies.size();
  }
  if (edges <= kMostEdges) return success();
  return too_much("its steps and those that wait for them make more than " +
                  std::to_string(kMostEdges) +
                  " dependencies; name fewer in depends_on, or put a wait between them");
}

}  // namespace

Result<void> check_upload_limits(Connection& database, BuildId build, const Site& site,
                                 const pipeline::UploadPlan& plan, std::size_t most_jobs) {
  OSTLER_TRY(check_jobs(site, plan, most_jobs));
  OSTLER_TRY(check_edges(site, plan));
  OSTLER_TRY(auto size, require(database.find(kEnvSize, read_int, build), "build"));
  for (const auto& [name, value] : plan.env) {
    size += static_cast<std::int64_t>(name.size() + value.size());
  }
  if (size <= kLargestEnv) return success();
  return too_much("env of this build's uploads is more than 1 MiB; shorten it");
}

}  // namespace ostler::store::sqlite
