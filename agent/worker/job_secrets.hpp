// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>

#include "base/result.hpp"
#include "worker/job_context.hpp"

namespace ostler::worker {

/// Fetches the secrets that BUILDKITE_SECRETS_CONFIG names, hides their values in the log and puts
/// them into the job's environment, all or none. Errors: UserFault or Denied, of which the log
/// has said what it is about. Source: job-lifecycle 5.1.
boost::asio::awaitable<Result<void>> bring_secrets(JobContext& job);

}  // namespace ostler::worker
