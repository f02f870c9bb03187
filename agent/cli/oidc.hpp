// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

namespace ostler::cli {

/// `oidc request-token`: an identity token of the job. Source: job-lifecycle 5.4, 8.2.
int oidc_request_token(const Arguments& arguments, agent_client::Transport& transport);

}  // namespace ostler::cli
