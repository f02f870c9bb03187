// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>

#include "worker/job_context.hpp"

namespace ostler::worker {

/// Runs the job's step plugins, each in a box of its own, in the place of its command: in order,
/// until one does not pass. Leaves status and evidence in the job's result; nothing when the job
/// was cancelled before the first one began.
/// Source: job-lifecycle 1.5.
boost::asio::awaitable<void> run_step_plugins(JobContext& job);

}  // namespace ostler::worker
