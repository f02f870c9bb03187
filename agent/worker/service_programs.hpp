// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "plugin_host/host_command.hpp"
#include "plugin_host/step_files.hpp"
#include "worker/job_context.hpp"

// Services that a command of ours does for a step, as a child of the worker.
namespace ostler::worker {

/// Whether service_program() knows it.
bool is_program_call(const std::string& method);

/// What is to be run for a call; agent/docs/box-protocol.md has methods and arguments. A file is
/// opened here, beneath the roots, wherever links in them lead.
/// Errors: UserFault for a wrong number of arguments, a path beyond the roots, and what is no
/// regular file; NotFound; others of the file system.
Result<plugin_host::HostCommand> service_program(const JobContext& job,
                                                 const plugin_host::StepRoots& roots,
                                                 const std::string& method,
                                                 const std::vector<std::string>& arguments);

/// What a plugin gets when it has ended: what was captured.
/// Errors: NotFound for plugin_host::kNothingFound; Internal unless it ended with 0: what is wrong
/// stands in the log.
Result<std::string> value_of_program(const std::string& method,
                                     const plugin_host::HostCommandEnd& end);

}  // namespace ostler::worker
