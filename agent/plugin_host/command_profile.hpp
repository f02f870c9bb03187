// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "plugin_host/host_command.hpp"
#include "process/spawn.hpp"

// The profile `workspace` of a plugin's commands.
namespace ostler::plugin_host {

/// What programs of this system read and execute, unless the operator names other paths.
std::vector<std::string> usual_system_paths();

/// Holds a command to the workspace, the scratch directory and the system's paths.
/// Errors: Unavailable on a kernel without Landlock.
Result<process::Confinement> confine_to_workspace(const CommandPlace& place);

/// The environment without what leads to files beyond these.
std::vector<std::string> workspace_environment(std::vector<std::string> entries,
                                               const CommandPlace& place);

}  // namespace ostler::plugin_host
