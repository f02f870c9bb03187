// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>
#include <string>

#include "plugin_host/step_result.hpp"
#include "worker/job_context.hpp"

namespace ostler::worker {

/// Makes what a step plugin has put out, and its result, meta-data of the build, so that any step
/// on any server can read it: "ostler:<step>:<output>" and "ostler:<step>:result", each JSON.
/// <step> is the step's key, else its id. Requires: no secret of the job is in them.
/// Errors: the server does not take an output; a result that it does not take is a warning in the
/// log. Cancel: gives up at once.
boost::asio::awaitable<Result<void>> store_outputs(JobContext& job,
                                                   std::map<std::string, std::string> outputs,
                                                   plugin_host::StepResult result);

}  // namespace ostler::worker
