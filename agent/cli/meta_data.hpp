// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

/// `meta-data ...`: output and exit status are the genuine agent's. Source: job-lifecycle 8.2.
namespace ostler::cli {

int meta_data_set(const Arguments& arguments, agent_client::Transport& transport);
int meta_data_set_batch(const Arguments& arguments, agent_client::Transport& transport);
int meta_data_get(const Arguments& arguments, agent_client::Transport& transport);
int meta_data_exists(const Arguments& arguments, agent_client::Transport& transport);
int meta_data_keys(const Arguments& arguments, agent_client::Transport& transport);

}  // namespace ostler::cli
