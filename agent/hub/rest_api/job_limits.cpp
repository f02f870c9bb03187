// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/job_limits.hpp"

#include <string>

#include "wire/rest_job.hpp"

namespace ostler::rest_api {
Lookup<std::string> name_of_job(const Backend& backend, const model::Job& job) {
  OSTLER_CO_TRY(const auto build, co_await backend.store.build(job.step.build));
  OSTLER_CO_TRY(const auto pipeline, co_await backend.store.pipeline(build.pipeline));
  co_return "step \"" + name_of_step(job) + "\" of " + pipeline.settings.slug + " #" +
      std::to_string(build.number);
}

namespace {

/// "a, b and 7 more"
Lookup<std::string> names_of_jobs(const Backend& backend, const std::vector<model::Job>& jobs,
                                  std::int64_t all) {
  std::string text;
  for (const model::Job& job : jobs) {
    OSTLER_CO_TRY(const std::string name, co_await name_of_job(backend, job));
    text += (text.empty() ? "" : ", ") + name;
  }
  const auto rest = all - static_cast<std::int64_t>(jobs.size());
  if (rest > 0) text += " and " + std::to_string(rest) + " more";
  co_return text;
}

std::string at_once(const model::Concurrency& terms) {
  const std::string count = terms.limit == 1 ? "one job" : std::to_string(terms.limit) + " jobs";
  return "concurrency group \"" + terms.group + "\" has room for " + count + " like it";
}

}  // namespace

Lookup<std::vector<WhyReason>> why_limited(const Backend& backend, JobId limited) {
  OSTLER_CO_TRY(const auto standing, co_await backend.store.group_standing(limited));
  if (!standing) co_return std::vector{WhyReason{"state", "it is about to be scheduled"}};
  std::vector<WhyReason> reasons;
  const std::string room = at_once(standing->terms);
  if (standing->held > 0) {
    OSTLER_CO_TRY(const std::string holders,
                  co_await names_of_jobs(backend, standing->holders, standing->held));
    reasons.push_back(
        {"concurrency", room + ", which " + holders + (standing->held == 1 ? " takes" : " take")});
  }
  if (standing->ahead_count > 0) {
    OSTLER_CO_TRY(const std::string ahead,
                  co_await names_of_jobs(backend, standing->ahead, standing->ahead_count));
    reasons.push_back({"concurrency", (standing->held > 0 ? "" : room + "; ") + ahead +
                                          (standing->ahead_count == 1 ? " goes" : " go") +
                                          " before it"});
  }
  co_return reasons;
}

}  // namespace ostler::rest_api
