// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"
#include "cli/build_finder.hpp"

namespace ostler::cli {

/// The id of the one job of a build that is meant: the job that was named, or that of the step with
/// this key or label; the only one, when nothing is said. Of several `command` decides: the one
/// that failed ("job retry"), the one that is not over ("job cancel"), else the one that failed
/// first or the only one that runs, and which that is, is said on standard error. Errors:
/// UserFault, with the jobs to choose from as `command` would name them.
Result<std::string> choose_job(const FoundBuild& found, const std::string& step,
                               const std::string& command);

/// The same of the blocks and inputs that wait for a person.
Result<std::string> choose_gate(const FoundBuild& found, const std::string& step);

}  // namespace ostler::cli
