// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

/// `step get|update|cancel` and `build cancel`: output and exit status are the genuine agent's.
/// Source: job-lifecycle 8.2.
namespace ostler::cli {

int step_get(const Arguments& arguments, agent_client::Transport& transport);
int step_update(const Arguments& arguments, agent_client::Transport& transport);
int step_cancel(const Arguments& arguments, agent_client::Transport& transport);
int build_cancel(const Arguments& arguments, agent_client::Transport& transport);

}  // namespace ostler::cli
