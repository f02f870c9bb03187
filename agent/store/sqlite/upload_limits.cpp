// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/upload_limits.hpp"

#include <string>
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

/// Adds a fault at the step with which a sum over the steps goes beyond its limit.
class StepSum {
 public:
  StepSum(std::size_t before, std::size_t most) : sum_(before), most_(most) {}

  void add(const model::StepDefinition& step, std::size_t more) {
    ++step_;
    sum_ += more;
    if (sum_ <= most_ || beyond_ > 0) return;
    beyond_ = step_;
    at_ = step.at;
  }

  std::size_t sum() const { return sum_; }
  bool is_too_large() const { return sum_ > most_; }

  void complain(std::string_view text, pipeline::FaultList& faults) const {
    faults.enter_step(beyond_);
    faults.add(at_, text);
    faults.enter_step(0);
  }

 private:
  std::size_t sum_;
  std::size_t most_;
  std::size_t step_ = 0;      ///< number of the last one
  std::size_t beyond_ = 0;    ///< of the first that is too much
  model::SourcePosition at_;  ///< of that
};

}  // namespace

bool check_upload_jobs(const Site& site, const model::PipelineDefinition& definition,
                       std::size_t most_jobs, pipeline::FaultList& faults) {
  std::size_t present = 0;
  for (const SiteStep& step : site.steps) present += static_cast<std::size_t>(step.jobs);
  StepSum upload(0, kMostJobsPerUpload);
  StepSum build(present, most_jobs);
  for (const model::StepDefinition& step : definition.steps) {
    const std::size_t jobs = model::count_jobs(step);
    upload.add(step, jobs);
    build.add(step, jobs);
  }
  if (upload.is_too_large()) {
    upload.complain(std::to_string(upload.sum()) +
                        " jobs are more than the 500 of one upload, from this step on; upload it "
                        "in parts",
                    faults);
  } else if (build.is_too_large()) {
    build.complain("the build would have " + std::to_string(build.sum()) + " jobs, more than " +
                       std::to_string(most_jobs) +
                       " from this step on; divide it into several builds",
                   faults);
  }
  return !upload.is_too_large() && !build.is_too_large();
}

Result<void> check_upload_env(Connection& database, BuildId build,
                              const model::PipelineDefinition& definition,
                              pipeline::FaultList& faults) {
  OSTLER_TRY(auto size, require(database.find(kEnvSize, read_int, build), "build"));
  for (const auto& [name, value] : definition.env) {
    size += static_cast<std::int64_t>(name.size() + value.size());
  }
  if (size > kLargestEnv) {
    faults.add({}, "env of this build's uploads is more than 1 MiB; shorten it");
  }
  return success();
}

void check_upload_edges(const Site& site, const pipeline::UploadPlan& plan,
                        pipeline::FaultList& faults) {
  StepSum edges(0, kMostEdges);
  for (const auto& step : plan.steps) {
    edges.add(step.planned.definition, site.dependents.size() + step.planned.dependencies.size() +
                                           step.present_dependencies.size());
  }
  if (!edges.is_too_large()) return;
  edges.complain("its steps and those that wait for them make more than " +
                     std::to_string(kMostEdges) +
                     " dependencies, from this step on; name fewer in depends_on, or put a wait "
                     "between them",
                 faults);
}

}  // namespace ostler::store::sqlite
