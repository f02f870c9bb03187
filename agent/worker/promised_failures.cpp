// SPDX-License-Identifier: Apache-2.0
#include "worker/promised_failures.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "agent_client/path.hpp"
#include "agent_client/retry.hpp"
#include "base/uuid.hpp"
#include "wire/agent_api.hpp"

namespace ostler::worker {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using wire::PromiseFailureAnswer;

namespace {

/// How many exit statuses may be promised: bounds what is remembered.
constexpr std::size_t kMostPromises = 256;

bool is_good(int status) { return status >= 200 && status <= 299; }

bool is_final(const PromiseFailureAnswer& answer) {
  const int status = answer.upstream_status;
  return answer.accepted || (status >= 400 && status <= 499 && status != 429);
}

PromiseFailureAnswer answer_of(const Result<supervise::ApiReply>& reply) {
  PromiseFailureAnswer answer;
  if (!reply) {
    answer.error = reply.error().message();
    return answer;
  }
  answer.upstream_status = reply.value().status;
  answer.accepted = is_good(answer.upstream_status);
  if (!answer.accepted) answer.error = wire::decode_message(reply.value().body);
  return answer;
}

}  // namespace

struct PromisedFailures::Promise {
  explicit Promise(const asio::any_io_executor& executor) : answered(executor) {}
  std::optional<PromiseFailureAnswer> answer;
  Event answered;
};

PromisedFailures::PromisedFailures(asio::any_io_executor executor, KeeperLink& link,
                                   std::string job)
    : executor_(std::move(executor)), link_(link), job_(std::move(job)) {}

PromisedFailures::~PromisedFailures() = default;

asio::awaitable<PromiseFailureAnswer> PromisedFailures::declare(
    wire::PromiseFailureRequest request) {
  const int status = request.exit_status;
  if (const auto found = promises_.find(status); found != promises_.end()) {
    const std::shared_ptr<Promise> promise = found->second;
    while (!promise->answer) co_await promise->answered.wait();
    PromiseFailureAnswer answer = *promise->answer;
    answer.is_first = false;
    co_return answer;
  }
  if (promises_.size() >= kMostPromises) {
    co_return PromiseFailureAnswer{.error = "too many exit statuses have been promised"};
  }
  const auto promise = std::make_shared<Promise>(executor_);
  promises_.emplace(status, promise);
  promise->answer = co_await ask(std::move(request));
  promise->answer->is_first = true;
  if (!is_final(*promise->answer)) promises_.erase(status);
  promise->answered.notify();
  co_return *promise->answer;
}

asio::awaitable<PromiseFailureAnswer> PromisedFailures::ask(wire::PromiseFailureRequest request) {
  agent_client::Attempts attempts(agent_client::policy::kJobUpdate, agent_client::jitter);
  const auto begun = steady_clock::now();
  const std::string uuid = Uuid::make().str();
  for (;;) {
    const auto reply = co_await link_.call(
        {.uuid = uuid,
         .method = "PUT",
         .path = "jobs/" + agent_client::path_segment(job_) + "/promise_failure",
         .content_type = "application/json",
         .body = encode(request)});
    PromiseFailureAnswer answer = answer_of(reply);
    if (!reply || answer.accepted) co_return answer;
    const auto elapsed = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begun);
    const auto wait =
        attempts.next(agent_client::failure_of_status(answer.upstream_status), elapsed);
    if (!wait) co_return answer;
    asio::steady_timer timer(executor_, *wait);
    const auto [cancelled] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (cancelled) co_return answer;
  }
}

}  // namespace ostler::worker
