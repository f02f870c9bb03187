// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "console/job_folds.hpp"
#include "console/table.hpp"
#include "wire/rest_answers.hpp"

// The table of jobs in the picture of a build that runs.
namespace ostler::console {

/// Which groups have a row for each of their jobs: those that are not over or had a failure, or
/// all.
enum class OpenGroups : std::uint8_t { Unsettled, All };

/// A row of that table: a job; what stands above the jobs of a group; or a group that is folded.
struct LiveRow {
  const JobFold* fold = nullptr;
  const wire::RestJobAnswer* job = nullptr;  ///< null: a group
  bool is_folded = false;

  bool can_be_chosen() const { return job != nullptr || is_folded; }
  /// The job whose log it stands for; requires that it can be chosen.
  const wire::RestJobAnswer& shown_job() const { return job ? *job : *fold->jobs.back(); }
  /// Whether the job with that id is in it.
  bool holds(std::string_view id) const;
};

/// The rows of `folds`, which they refer to.
std::vector<LiveRow> live_rows(const std::vector<JobFold>& folds, OpenGroups open);

/// Where the job with that id is; 0 when it is in none of them.
std::size_t row_of(const std::vector<LiveRow>& rows, std::string_view id);

/// What is shown of a row: the sign of the chosen one, title, verdict, time, and more of a job.
std::vector<Cell> live_cells(const LiveRow& row, bool is_chosen, Timestamp now);

}  // namespace ostler::console
