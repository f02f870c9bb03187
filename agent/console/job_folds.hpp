// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "console/table.hpp"
#include "wire/rest_answers.hpp"

namespace ostler::console {

/// Jobs of one group that stand one behind the other, or one job that stands in none.
struct JobFold {
  std::string title;  ///< of the group; empty: there is none
  std::vector<const wire::RestJobAnswer*> jobs;

  /// Whether the group says all there is to say: every job of it has passed.
  bool is_folded() const;
};

/// The jobs of a build but for its waits, in their order.
std::vector<JobFold> folds_of(const std::vector<wire::RestJobAnswer>& jobs);

/// What stands for all jobs of a fold: its title, how many there are, and that they passed.
std::vector<Cell> folded_row(const JobFold& fold);

/// The title of a job as it stands below that of its fold.
Cell title_in(const JobFold& fold, const wire::RestJobAnswer& job);

}  // namespace ostler::console
