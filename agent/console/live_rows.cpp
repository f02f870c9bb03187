// SPDX-License-Identifier: Apache-2.0
#include "console/live_rows.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "console/duration_text.hpp"
#include "console/job_words.hpp"
#include "console/plain_text.hpp"

namespace ostler::console {
namespace {

using wire::RestJobAnswer;
using wire::RestJobProgress;

bool has_passed(const RestJobAnswer* job) { return job->progress == RestJobProgress::Passed; }

/// By what its pipeline says, which is no failure.
bool is_left_out(const RestJobAnswer* job) { return job->state == "broken"; }

/// Whether nobody need look at it: it is over, and what failed of it has passed since.
bool is_settled(const JobFold& fold) {
  return !fold.title.empty() && std::ranges::all_of(fold.jobs, [](const RestJobAnswer* job) {
    return has_passed(job) || is_left_out(job) || job->retried;
  });
}

/// From the begin of its first job to the end of its last one.
std::string time_of_group(const JobFold& fold) {
  std::optional<Timestamp> begin;
  std::optional<Timestamp> end;
  for (const RestJobAnswer* job : fold.jobs) {
    if (!job->started_at || !job->finished_at) continue;
    begin = std::min(begin.value_or(*job->started_at), *job->started_at);
    end = std::max(end.value_or(*job->finished_at), *job->finished_at);
  }
  return begin ? duration_text(*end - *begin) : "";
}

/// "3 jobs", "3 jobs, 1 skipped"; attempts that came to nothing are none.
std::string count_text(const JobFold& fold) {
  const auto attempts = std::ranges::count(fold.jobs, true, &RestJobAnswer::retried);
  const auto count = std::ssize(fold.jobs) - attempts;
  const auto left_out = std::ranges::count_if(fold.jobs, is_left_out);
  return std::to_string(count) + (count == 1 ? " job" : " jobs") +
         (left_out == 0 ? "" : ", " + std::to_string(left_out) + " skipped");
}

std::vector<Cell> cells_of_group(const LiveRow& row, bool is_chosen) {
  const Cell sign{is_chosen ? ">" : " ", Style::Bold};
  if (!row.is_folded) return {sign, {row.fold->title, Style::Bold}};
  const auto& jobs = row.fold->jobs;
  const auto passed = std::ranges::find_if(jobs, has_passed);
  return {sign,
          {row.fold->title, is_chosen ? Style::Bold : Style::Plain},
          job_verdict(passed == jobs.end() ? *jobs.back() : **passed),
          {time_of_group(*row.fold)},
          {count_text(*row.fold), Style::Faint}};
}

}  // namespace

bool LiveRow::holds(std::string_view id) const {
  if (job != nullptr) return job->id == id;
  return is_folded && std::ranges::find(fold->jobs, id, &RestJobAnswer::id) != fold->jobs.end();
}

std::vector<LiveRow> live_rows(const std::vector<JobFold>& folds, OpenGroups open) {
  std::vector<LiveRow> rows;
  for (const JobFold& fold : folds) {
    const bool is_folded = open == OpenGroups::Unsettled && is_settled(fold);
    if (is_folded || !fold.title.empty()) rows.push_back({&fold, nullptr, is_folded});
    if (is_folded) continue;
    for (const RestJobAnswer* job : fold.jobs) rows.push_back({&fold, job, false});
  }
  return rows;
}

std::size_t row_of(const std::vector<LiveRow>& rows, std::string_view id) {
  const auto at = std::ranges::find_if(rows, [&](const LiveRow& row) { return row.holds(id); });
  return at == rows.end() ? 0 : static_cast<std::size_t>(at - rows.begin());
}

std::vector<Cell> live_cells(const LiveRow& row, bool is_chosen, Timestamp now) {
  if (row.job == nullptr) return cells_of_group(row, is_chosen);
  const RestJobAnswer& job = *row.job;
  Cell title = title_in(*row.fold, job);
  if (is_chosen) title.style = Style::Bold;
  return {{is_chosen ? ">" : " ", Style::Bold},
          std::move(title),
          job_verdict(job),
          {job_time(job, now)},
          {job_reason(job)},
          {plain_line(job.agent_name), Style::Faint}};
}

}  // namespace ostler::console
