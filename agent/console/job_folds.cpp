// SPDX-License-Identifier: Apache-2.0
#include "console/job_folds.hpp"

#include <algorithm>

#include "console/job_words.hpp"
#include "console/plain_text.hpp"

namespace ostler::console {
namespace {

using wire::RestJobAnswer;

constexpr std::size_t kLongestGroup = 60;

std::string title_of_group(const RestJobAnswer& job) {
  if (job.group_id.empty()) return "";
  const std::string name = plain_line(job.group_name);
  return name.empty() ? "group" : shortened(name, kLongestGroup);
}

bool stand_together(const RestJobAnswer& before, const RestJobAnswer& after) {
  return !after.group_id.empty() && before.group_id == after.group_id;
}

}  // namespace

bool JobFold::is_folded() const {
  return !title.empty() && std::ranges::all_of(jobs, [](const RestJobAnswer* job) {
    return job->progress == wire::RestJobProgress::Passed;
  });
}

std::vector<JobFold> folds_of(const std::vector<RestJobAnswer>& jobs) {
  std::vector<JobFold> folds;
  for (const RestJobAnswer& job : jobs) {
    if (job.type == "waiter") continue;
    if (folds.empty() || !stand_together(*folds.back().jobs.back(), job)) {
      folds.push_back({title_of_group(job), {}});
    }
    folds.back().jobs.push_back(&job);
  }
  return folds;
}

std::vector<Cell> folded_row(const JobFold& fold) {
  const auto count = std::ranges::count(fold.jobs, false, &RestJobAnswer::retried);
  return {{fold.title},
          attempt_verdict(*fold.jobs.front()),
          {""},
          {std::to_string(count) + (count == 1 ? " job" : " jobs"), Style::Faint}};
}

Cell title_in(const JobFold& fold, const RestJobAnswer& job) {
  return job_title_cell(job, fold.title.empty() ? "" : "  ");
}

}  // namespace ostler::console
