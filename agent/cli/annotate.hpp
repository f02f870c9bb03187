// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

/// `annotate` and `annotation remove`: output and exit status are the genuine agent's.
/// Source: job-lifecycle 8.2.
namespace ostler::cli {

int annotate(const Arguments& arguments, agent_client::Transport& transport);
int annotation_remove(const Arguments& arguments, agent_client::Transport& transport);

}  // namespace ostler::cli
