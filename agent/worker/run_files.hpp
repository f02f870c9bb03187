// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "plugin_host/box_run.hpp"
#include "plugin_host/scratch_directory.hpp"
#include "plugin_host/step_resources.hpp"
#include "worker/job_context.hpp"

// The files of one run of a plugin. They may be many, or large: what is done with all of them is
// done on a thread, which is gone before a program is started.
namespace ostler::worker {

/// Takes the resources of the plugin from its memory file to a directory; in /tmp when `parent` is
/// empty. As late as can be: what is on a disk others of the agent's user may change, what is in
/// sealed memory nobody. Errors: as StepResources::unpack; Cancelled when the job is, or was
/// before.
boost::asio::awaitable<Result<plugin_host::StepResources>> unpack_resources(
    Cancellation& cancellation, std::string parent, StepPlugin& plugin);

/// The run is over: judges it by what has become of its resources, unless there is no verdict, and
/// removes all. The resources of a job that is cancelled, or was before, are not read to the end.
/// Errors: something of `scratch` cannot be removed and stays.
boost::asio::awaitable<Result<void>> end_run_files(Cancellation& cancellation,
                                                   plugin_host::ScratchDirectory scratch,
                                                   plugin_host::StepResources resources,
                                                   Result<plugin_host::BoxVerdict>& verdict);

}  // namespace ostler::worker
