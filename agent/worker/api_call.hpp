// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "agent_client/retry.hpp"
#include "base/result.hpp"
#include "worker/keeper_link.hpp"

namespace ostler::worker {

/// A call of the Agent API about the job, tried again as its policy says. A call waits for as long
/// as no agent answers. Runs on: one thread.
class ApiCall {
 public:
  /// Requires: the link outlives it.
  ApiCall(const boost::asio::any_io_executor& executor, KeeperLink& link,
          supervise::ApiRequest request, const agent_client::RetryPolicy& policy);
  ~ApiCall();

  /// The body of the answer.
  /// Errors: as agent_client::error_of_status; Unavailable when the job ends.
  boost::asio::awaitable<Result<std::string>> make();

  /// Nobody wants it any more: no further attempt is made.
  void abandon();
  bool is_abandoned() const { return is_abandoned_; }

 private:
  KeeperLink& link_;
  supervise::ApiRequest request_;
  agent_client::RetryPolicy policy_;
  struct Pause;
  std::unique_ptr<Pause> pause_;
  bool is_abandoned_ = false;
};

/// `path` is what follows "jobs/<id>/"; `body` is JSON, or empty.
supervise::ApiRequest job_request(const std::string& job_id, std::string method,
                                  const std::string& path, std::string body);

}  // namespace ostler::worker
