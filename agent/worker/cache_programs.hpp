// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "plugin_host/host_command.hpp"
#include "plugin_host/step_files.hpp"
#include "worker/job_context.hpp"

// What is run for calls of ostler.cache/1. Errors: as service_program.
namespace ostler::worker {

/// Key (its parts, one a line), how many of these a fallback has in common (0: none may stand in),
/// paths, one a line.
Result<plugin_host::HostCommand> restore_cache(const JobContext& job,
                                               const plugin_host::StepRoots& roots,
                                               const std::vector<std::string>& given);

/// Key, paths.
Result<plugin_host::HostCommand> save_cache(const JobContext& job,
                                            const plugin_host::StepRoots& roots,
                                            const std::vector<std::string>& given);

}  // namespace ostler::worker
