// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace ostler::worker {

struct JobContext;

/// The unix socket through which commands inside the job speak: the Job API of the genuine agent
/// (variables, redactions), and the Agent API by way of keeper and agent. Only our own user (or
/// root) gets in, and only with the job's token.
/// Source: agent-api 4.1, job-lifecycle appendix A. Runs on: one thread.
class JobSocketServer {
 public:
  /// Listens at `path`. Requires: `job` outlives the server.
  /// Errors: Conflict when somebody listens there; Denied; UserFault when the path is too long.
  static Result<std::unique_ptr<JobSocketServer>> start(JobContext& job, const std::string& path);
  /// Requires: `stop` has returned.
  ~JobSocketServer();

  const std::string& token() const;
  boost::asio::awaitable<void> stop();

 private:
  class Handler;
  struct Parts;
  explicit JobSocketServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace ostler::worker
