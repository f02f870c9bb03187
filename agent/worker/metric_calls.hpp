// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "worker/job_context.hpp"

namespace ostler::worker {

/// Notes the figure for the server, or has the log tell it where the server takes none.
/// Requires: plugin_host::is_metric_call().
/// Errors: UserFault for what is no figure, and beyond 500 of the job; NotFound for a method that
/// there is not; Denied for a name that has a secret of the job in it.
Result<void> tell_metric(JobContext& job, const std::string& plugin, const std::string& method,
                         const std::vector<std::string>& arguments);

}  // namespace ostler::worker
