// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "plugin_host/host_commands.hpp"
#include "plugin_host/step_files.hpp"
#include "plugin_host/step_services.hpp"
#include "worker/job_context.hpp"

namespace ostler::worker {

/// Who does so. Requires: the job outlives the call.
struct Reporter {
  JobContext& job;
  const std::string& plugin;
  const plugin_host::StepRoots& roots;
  plugin_host::HostCommands& commands;
};

/// Requires: plugin_host::is_report_call().
/// Reads the file, in a child, and notes its summary for the server, without the secrets of the
/// job; where the server takes none the log tells it. `done` gets the summary. Errors: UserFault
/// for what is no such report, a file that is not the plugin's, and beyond 100 of the job; NotFound
/// for a method that there is not; Denied for a name that has a secret in it.
void take_report(const Reporter& by, const std::string& method,
                 const std::vector<std::string>& arguments, plugin_host::CallDone done);

}  // namespace ostler::worker
