// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "cli/build_finder.hpp"

namespace ostler::cli {

/// What a job is chosen for, which decides among several.
enum class JobPurpose : std::uint8_t {
  Read,     ///< the one that failed first or the only one that runs; standard error says which
  Run,      ///< none of them: it must be said which
  Explain,  ///< likewise; this and what follows take jobs of trigger steps, too
  Retry,    ///< the one that failed
  Cancel,   ///< the one that is not over
};

/// The id of the one job of a build that is meant: the job that was named, or that of the step with
/// this key or label; the only one, when nothing is said. Errors: UserFault, with the jobs to
/// choose from as `command` ("job log") would name them.
Result<std::string> choose_job(const FoundBuild& found, const std::string& step, JobPurpose purpose,
                               const std::string& command);

/// The same of the blocks and inputs that wait for a person.
Result<std::string> choose_gate(const FoundBuild& found, const std::string& step);

}  // namespace ostler::cli
