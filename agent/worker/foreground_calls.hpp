// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

#include "worker/api_call.hpp"
#include "worker/job_context.hpp"

namespace ostler::worker {

/// Calls of the Agent API that hold up the job: a cancel ends the wait for all of them, also for a
/// server that never answers. Runs on: one thread.
class ForegroundCalls final : public Cancellation::Foreground {
 public:
  explicit ForegroundCalls(JobContext& job) : Foreground(job.cancellation), job_(job) {}

  /// The body of the answer. Errors: as ApiCall::make; Cancelled, also when the job was before.
  boost::asio::awaitable<Result<std::string>> make(supervise::ApiRequest request,
                                                   const agent_client::RetryPolicy& policy);

  void cancel(const Cancellation&) override { abandon(); }
  void kill() override { abandon(); }

 private:
  struct Underway;
  static boost::asio::awaitable<void> run(std::shared_ptr<Underway> call);
  void abandon();

  JobContext& job_;
  std::vector<std::shared_ptr<Underway>> underway_;
};

}  // namespace ostler::worker
