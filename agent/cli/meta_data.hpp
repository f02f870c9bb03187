// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent_client/transport.hpp"
#include "cli/commands.hpp"

namespace ostler::cli {

/// Whether `arguments` name a server or a token, which only a transport of one's own can honour.
bool names_a_server(const Arguments& arguments);

/// `meta-data set|get|exists|keys`: `arguments` begin with one of the four. Output and exit status
/// are the genuine agent's: job-lifecycle 8.2. One source for both programs.
int meta_data(const Arguments& arguments, agent_client::Transport& transport);

}  // namespace ostler::cli
