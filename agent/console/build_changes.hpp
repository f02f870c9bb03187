// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "console/terminal.hpp"
#include "wire/rest_answers.hpp"

namespace ostler::console {

/// What changes in a build from one look at it to the next, in lines for people.
class BuildChanges {
 public:
  explicit BuildChanges(const Terminal& terminal) : terminal_(terminal) {}

  /// A line for each job that began, promised to fail or ended since the last look, and one for the
  /// build's state when that is another. The first look tells all jobs that have begun.
  std::vector<std::string> take(const wire::RestBuildAnswer& build);

 private:
  /// What has been said of a job.
  struct Told {
    wire::RestJobProgress progress = wire::RestJobProgress::Waiting;
    bool will_fail = false;
    friend bool operator==(const Told&, const Told&) = default;
  };

  std::string job_line(const wire::RestJobAnswer& job) const;

  const Terminal& terminal_;
  std::string state_;
  std::map<std::string, Told> jobs_;  ///< by id
};

}  // namespace ostler::console
