// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugin_host/host_commands.hpp"
#include "plugin_host/step_services.hpp"
#include "worker/job_context.hpp"
#include "worker/step_files.hpp"

namespace ostler::worker {

/// Whether a plugin hands in what tests or tools have found: "ostler.report/1/junit".
bool is_report_call(std::string_view method);

/// Who does so. Requires: the job outlives the call.
struct Reporter {
  JobContext& job;
  const std::string& plugin;
  const StepRoots& roots;
  plugin_host::HostCommands& commands;
};

/// Reads the file, in a child, and notes its summary for the server, without the secrets of the
/// job; where the server takes none the log tells it. `done` gets the summary. Errors: UserFault
/// for what is no such report, a file that is not the plugin's, and beyond 100 of the job; NotFound
/// for a method that there is not; Denied for a name that has a secret in it.
void take_report(const Reporter& by, const std::string& method,
                 const std::vector<std::string>& arguments, plugin_host::CallDone done);

}  // namespace ostler::worker
