// SPDX-License-Identifier: Apache-2.0
#include "worker/api_call.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "agent_client/path.hpp"
#include "agent_client/status_error.hpp"
#include "base/uuid.hpp"

namespace ostler::worker {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

/// "data/set" of "jobs/<id>/data/set?with=more".
std::string_view shown_call(std::string_view path) {
  path.remove_prefix(path.find('/', path.find('/') + 1) + 1);
  return path.substr(0, path.find('?'));
}

}  // namespace

struct ApiCall::Pause {
  explicit Pause(const asio::any_io_executor& executor) : timer(executor) {}
  asio::steady_timer timer;
};

ApiCall::ApiCall(const asio::any_io_executor& executor, KeeperLink& link,
                 supervise::ApiRequest request, const agent_client::RetryPolicy& policy)
    : link_(link),
      request_(std::move(request)),
      policy_(policy),
      pause_(std::make_unique<Pause>(executor)) {}

ApiCall::~ApiCall() = default;

asio::awaitable<Result<std::string>> ApiCall::make() {
  agent_client::Attempts attempts(policy_, agent_client::jitter);
  const auto begun = steady_clock::now();
  for (;;) {
    OSTLER_CO_TRY(auto reply, co_await link_.call(request_));
    if (reply.status >= 200 && reply.status <= 299) co_return std::move(reply.body);
    const auto elapsed = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begun);
    const auto wait = attempts.next(agent_client::failure_of_status(reply.status), elapsed);
    if (!wait || is_abandoned_) {
      co_return agent_client::error_of_status(shown_call(request_.path), reply.status, reply.body);
    }
    pause_->timer.expires_after(*wait);
    co_await pause_->timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

void ApiCall::abandon() {
  is_abandoned_ = true;
  pause_->timer.cancel();
}

supervise::ApiRequest job_request(const std::string& job_id, std::string method,
                                  const std::string& path, std::string body) {
  return {.uuid = Uuid::make().str(),
          .method = std::move(method),
          .path = "jobs/" + agent_client::path_segment(job_id) + "/" + path,
          .content_type = body.empty() ? "" : "application/json",
          .body = std::move(body)};
}

}  // namespace ostler::worker
