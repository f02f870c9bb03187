// SPDX-License-Identifier: Apache-2.0
#include "worker/foreground_calls.hpp"

#include <optional>

namespace ostler::worker {

namespace asio = boost::asio;

struct ForegroundCalls::Underway {
  Underway(const JobContext& job, supervise::ApiRequest request,
           const agent_client::RetryPolicy& policy)
      : call(job.executor, job.link, std::move(request), policy), changed(job.executor) {}

  ApiCall call;
  Event changed;
  std::optional<Result<std::string>> end;
};

/// Lives for as long as the server is silent, which may be longer than anybody waits.
asio::awaitable<void> ForegroundCalls::run(std::shared_ptr<Underway> call) {
  call->end = co_await call->call.make();
  call->changed.notify();
}

asio::awaitable<Result<std::string>> ForegroundCalls::make(
    supervise::ApiRequest request, const agent_client::RetryPolicy& policy) {
  const Error cancelled(Errc::Cancelled, "the job was cancelled");
  if (job_.cancellation.is_cancelled()) co_return cancelled;
  const auto call = std::make_shared<Underway>(job_, std::move(request), policy);
  underway_.push_back(call);
  job_.tasks.spawn(run(call));
  while (!call->end && !call->call.is_abandoned()) co_await call->changed.wait();
  std::erase(underway_, call);
  if (!call->end) co_return cancelled;
  co_return std::move(*call->end);
}

void ForegroundCalls::abandon() {
  for (const auto& call : underway_) {
    call->call.abandon();
    call->changed.notify();
  }
}

}  // namespace ostler::worker
