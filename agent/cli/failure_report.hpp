// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/hub_client.hpp"
#include "console/build_page.hpp"
#include "console/terminal.hpp"

namespace ostler::cli {

/// What the steps of a job have told of its failure.
struct ToldFailure {
  std::string step;                ///< in a step plugin's own words; empty: none
  std::vector<std::string> tests;  ///< those that failed, a line for each report
};
using ToldFailures = std::map<std::string, ToldFailure>;  ///< by the id of the job

/// Of the jobs of a build that failed, the first ten: all that the first one has told, and what
/// the others told first. Without what the hub does not say: these words only add to a page.
ToldFailures told_failures(HubClient& hub, const wire::RestBuildAnswer& build);
/// Of the job that failed first alone.
ToldFailures told_first_failure(HubClient& hub, const wire::RestBuildAnswer& build);
/// Their own words, for the table of its jobs.
console::FailureWords words_of(const ToldFailures& told);

/// Prints why a build failed: the job that failed first, its reason, the end of its log, and what
/// to type for the rest; why the hub does not give the log, where it does not. Nothing when no job
/// has failed.
void report_failure(HubClient& hub, const wire::RestBuildAnswer& build, const ToldFailures& told,
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
