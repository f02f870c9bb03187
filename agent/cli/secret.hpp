// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

namespace ostler::cli {

/// `secret get`: values of secrets that the server keeps. Source: job-lifecycle 5.1, 8.2.
int secret_get(const Arguments& arguments, agent_client::Transport& transport);

}  // namespace ostler::cli
