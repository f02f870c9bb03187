// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "agent_client/transport.hpp"
#include "base/secret.hpp"

namespace ostler::agent_client {

/// Where a job's worker listens for in-job commands, or an agent for those who lock.
struct JobSocket {
  std::string path;
  Secret token;                          ///< empty: none is wanted
  std::string_view name = "job socket";  ///< for errors
  std::string_view advice = "is the job that set the socket still running?";
};

/// The socket named by BUILDKITE_AGENT_JOB_API_SOCKET and BUILDKITE_AGENT_JOB_API_TOKEN.
/// Errors: NotFound when either is unset or empty.
Result<JobSocket> job_socket_from_environment();

/// Calls who listens there: `call.path` (one of docs/job-socket.md) has its leading slash. Waits
/// for the answer, for `patience` at most. Errors: Unavailable (retryable) when nobody listens, or
/// the answer is cut short; Timeout; Protocol (retryable: no HTTP); UserFault for a path of the
/// socket that is too long.
Result<ApiAnswer> call_job_api(const JobSocket& socket, const ApiCall& call,
                               std::chrono::seconds patience);

/// Sends calls through the job's own worker, keeper and agent, which adds the token. A call waits
/// while no agent is alive, for `patience` at most.
class JobSocketTransport final : public Transport {
 public:
  explicit JobSocketTransport(JobSocket socket,
                              std::chrono::seconds patience = std::chrono::minutes(30));
  Result<ApiAnswer> call(const ApiCall& call) override;

 private:
  JobSocket socket_;
  std::chrono::seconds patience_;
};

}  // namespace ostler::agent_client
