// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "worker/job_context.hpp"

namespace ostler::worker {

/// The environment of a child: this process's own, overlaid by the job's, with PWD, on a
/// terminal TERM, and in a cancelled job what says so. One "NAME=value" each.
/// Source: job-lifecycle 1.15, 3.3.
std::vector<std::string> child_environment(const JobContext& job);

/// The environment of a program of ours that keeps a promise about plugins or works for one: with
/// variables as they were before a plugin set them, and those that the loader or OpenSSL obeys as
/// the agent has them.
std::vector<std::string> own_program_environment(const JobContext& job);

/// This process's own environment without what belongs to the agent alone.
environment::Variables inherited_environment();

}  // namespace ostler::worker
