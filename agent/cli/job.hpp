// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

/// `job update` and `job promise-failure`: output and exit status are the genuine agent's.
/// Source: job-lifecycle 8.2.
namespace ostler::cli {

int job_update(const Arguments& arguments, agent_client::Transport& transport);
/// Through the job's own socket only, where calls of one job are made one.
int job_promise_failure(const Arguments& arguments);

}  // namespace ostler::cli
