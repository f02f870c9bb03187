// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

namespace ostler::cli {

/// `git-credentials-helper`: what git asks for the user and password of a repository.
/// Source: job-lifecycle 2.14, 8.2.
int git_credentials_helper(const Arguments& arguments, agent_client::Transport& transport);

}  // namespace ostler::cli
