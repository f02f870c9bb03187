// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"
#include "environment/variables.hpp"

// A job that asks for what this version does not do fails by name; it is never green without it.
namespace ostler::worker {

/// How many step plugins the job has. Errors: UserFault when it has plugins of hooks, which are not
/// supported, or too many; Denied when the agent runs no plugins.
Result<std::size_t> count_step_plugins(const environment::Variables& env);
/// Errors: UserFault when the agent's hooks directories hold a hook of a job.
Result<void> refuse_agent_hooks(const environment::Variables& env);
/// Errors: UserFault when the repository in `directory` has a hook.
Result<void> refuse_repository_hooks(const std::string& directory);

}  // namespace ostler::worker
