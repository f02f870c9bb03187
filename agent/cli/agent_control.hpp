// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

namespace ostler::cli {

// What a job asks of the agent that runs it; the server passes it on. Source: job-lifecycle 8.2.
int pause_agent(const Arguments& arguments, agent_client::Transport& transport);
int resume_agent(const Arguments& arguments, agent_client::Transport& transport);
int stop_agent(const Arguments& arguments, agent_client::Transport& transport);

}  // namespace ostler::cli
