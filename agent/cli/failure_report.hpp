// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "cli/hub_client.hpp"
#include "console/terminal.hpp"

namespace ostler::cli {

/// Prints why a build failed: the job that failed first, its reason, the end of its log, and what
/// to type for the rest. Nothing when no job has failed. Errors: those of the hub's client.
Result<void> report_failure(HubClient& hub, const wire::RestBuildAnswer& build,
                            console::Terminal& terminal);

/// How a command can be told which job is meant.
std::string words_for_job(const wire::RestBuildAnswer& build, const wire::RestJobAnswer& job);

/// Prints which blocks and inputs of a build wait for a person, and what to type to open them.
void report_gates(const wire::RestBuildAnswer& build, console::Terminal& terminal);

/// The command that opens a block or an input.
std::string unblock_command(const wire::RestBuildAnswer& build, const wire::RestJobAnswer& job);

/// The command that prints the log of a job.
std::string log_command(const wire::RestBuildAnswer& build, const wire::RestJobAnswer& job);

}  // namespace ostler::cli
