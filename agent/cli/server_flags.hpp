// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

namespace ostler::cli {

/// Whether `arguments` name a server or a token, which only a transport of one's own can honour.
bool names_a_server(const Arguments& arguments);

/// Whether a word that means one thing in a job and another to a person has its first meaning:
/// BUILDKITE_AGENT_ACCESS_TOKEN is set, as in every job, or `arguments` name a server, or this
/// program was started as buildkite-agent.
bool speaks_for_a_job(const Arguments& arguments);

/// Takes `--endpoint` and `--agent-access-token` out of `arguments` and sets the variables that
/// they stand for, which the HTTP transport reads.
/// Errors: UserFault when one of them has no value.
Result<void> take_server_flags(Arguments& arguments);

}  // namespace ostler::cli
