// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <optional>
#include <stop_token>

#include "files/kept_directory.hpp"
#include "plugin_host/step_plan.hpp"
#include "worker/job_context.hpp"

// The directory that a step plugin has on this host for all jobs of one pipeline.
namespace ostler::worker {

/// The name of that of a plugin for a job with this environment. `run`: the variable that the
/// processes of an `ostler run` have. Errors: Unavailable when it tells no pipeline.
Result<std::string> host_directory_name(const std::string& plugin,
                                        const environment::Variables& env, const std::string& run);

/// None when the plugin has not asked for one. It is in use until it goes.
/// Errors: Unavailable when the agent has no place for them, or as above; others of the file
/// system.
Result<std::optional<files::KeptDirectory>> take_host_directory(
    const JobContext& job, const plugin_host::PlannedStep& step);

/// At the end of a run, whatever became of it. Clears away what nobody uses any more; its own
/// directory, too, when that is too large, of which the log tells. A job that is cancelled, or was
/// before, does not wait for it.
boost::asio::awaitable<void> leave_host_directory(JobContext& job,
                                                  std::optional<files::KeptDirectory> directory);

/// The same for a directory in `root`, on a thread: notes its use, and then, unless it is asked to
/// stop, clears the root within the limits, and not only once in a time when this one is too large.
/// Each of the two has some seconds; what is left then is for the next one.
boost::asio::awaitable<Result<void>> leave_kept(files::KeptDirectory directory,
                                                std::filesystem::path root, std::stop_token stop,
                                                files::KeptLimits limits = {
                                                    .every = std::chrono::hours(1)});

}  // namespace ostler::worker
