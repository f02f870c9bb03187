// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "config/agent_config.hpp"

// The agent: takes jobs from a server, has keepers run them, ships what they produce. It never
// runs user code and may be killed at any moment: what matters is in its state directory.
namespace ostler::daemon {

/// Runs an agent until it is told to stop. `program` is bin/ostler. Returns the exit status.
/// Handles the signals of this process. Errors: what keeps the agent from starting, and why the
/// server refused it. Requires: called once, from the main thread, before other threads exist.
Result<int> run_agent(const config::AgentConfig& config, const std::filesystem::path& program);

}  // namespace ostler::daemon
