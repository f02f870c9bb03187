// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "agent_client/ask.hpp"
#include "agent_client/retry.hpp"
#include "agent_client/transport.hpp"

namespace CLI {
class App;
}

// What every in-job command needs: the flags that the genuine agent takes with each of them, and
// the question to the server.
namespace ostler::cli {

/// Accepts the flags of the genuine agent that have no meaning here, hidden from `--help`.
/// Those that name a server are taken out before a command sees its arguments (server_flags.hpp).
void take_common_flags(CLI::App& app);
/// Whether a command accepts them: one of jobs.
bool has_common_flags(const CLI::App& app);

/// `--job`, from BUILDKITE_JOB_ID.
void take_job(CLI::App& app, std::string& job);

/// "jobs/<id>/<rest>".
/// Errors: UserFault when `job` is empty.
Result<std::string> job_path(std::string_view job, std::string_view rest);

struct Question {
  std::string method;
  std::string path;  ///< relative to the endpoint
  std::string body;  ///< JSON, or empty for none
};

/// The call that asks it, under a uuid of its own.
agent_client::ApiCall call_of(Question question);

/// Lets a command say on standard error that the server does not answer as it should and that it
/// waits.
agent_client::RetryClock telling_clock(std::string_view command);

/// Asks the server, as often as `policy` says, under one uuid: the body of its good answer.
/// `command` begins the message of an error.
/// Errors: those of the transport; for a status those of agent_client::error_of_status, so NotFound
/// is 404.
Result<std::string> ask(agent_client::Transport& transport, std::string_view command,
                        Question question, const agent_client::RetryPolicy& policy);

/// The same, and what `decode` makes of the body. An answer that cannot be decoded is asked for
/// again.
template <class Decode>
auto ask(agent_client::Transport& transport, std::string_view command, Question question,
         const agent_client::RetryPolicy& policy, Decode decode)
    -> decltype(decode(std::string())) {
  return agent_client::ask_for(transport, command, call_of(std::move(question)), policy,
                               telling_clock(command), std::move(decode));
}

/// Writes the error and returns kExitFailed, whatever its kind: a failed in-job command is status
/// 1, as the genuine agent's is. Source: job-lifecycle 8.1, 8.2.
int fail_in_job(const Error& error);
/// kExitOk, or what fail_in_job returns.
int end_in_job(const Result<void>& done);

/// Writes `text` to standard output: what a script reads.
void print(std::string_view text);

}  // namespace ostler::cli
