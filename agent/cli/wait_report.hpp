// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cli/hub_client.hpp"
#include "console/terminal.hpp"
#include "wire/rest_answers.hpp"

namespace ostler::cli {

/// The jobs of a build of which people ask why they do not run, in its order: those that have not
/// begun and still may, those that never will, and gates and triggers that wait. None is null.
std::vector<const wire::RestJobAnswer*> unexplained_jobs(const wire::RestBuildAnswer& build);

/// Jobs that do not run for the same reason, one at least. None is null.
using AlikeJobs = std::vector<const wire::RestJobAnswer*>;

/// Whether its concurrency group holds a job back. Of jobs that are alike each has another number
/// of jobs before it.
bool is_held_back(const wire::RestJobAnswer& job);

/// Parts jobs of one build by what they wait for, in their order, for a question to the hub each:
/// those that wait for the same agents and for nothing else, and those of one step that wait for
/// other steps, or for their group.
std::vector<AlikeJobs> alike_jobs(const std::vector<const wire::RestJobAnswer*>& jobs);

/// Prints of the first jobs of a build that wait for an agent, a group or another job why they do,
/// once for those that wait for the same agents, and what to type to read it of the rest. Nothing
/// once the build is over, or when the hub does not say it: these words only add to a page.
void report_waits(HubClient& hub, const wire::RestBuildAnswer& build, console::Terminal& terminal);

}  // namespace ostler::cli
