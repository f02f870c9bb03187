// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "agent_client/transport.hpp"
#include "checkout/progress_log.hpp"
#include "git/repository.hpp"

namespace ostler::checkout {

/// A commit as the server keeps it: ids, author, and the message with each line indented by four
/// spaces, blank ones too; no white space around the whole. Source: job-lifecycle 2.12.
std::string commit_text(const git::CommitDescription& commit);

/// Sets the build's meta-data "buildkite:git:commit" unless it is set.
/// Errors: what the server or the way to it said; the checkout stands all the same.
Result<void> send_commit_meta_data(const git::CommitDescription& commit, const std::string& job,
                                   agent_client::Transport& transport, JobLog& log);

}  // namespace ostler::checkout
