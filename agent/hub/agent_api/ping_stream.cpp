// SPDX-License-Identifier: Apache-2.0
#include "hub/agent_api/ping_stream.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "hub/agent_api/handlers.hpp"
#include "wire/agent_edge.hpp"

namespace ostler::agent_api {
namespace {

using std::chrono::nanoseconds;

/// Streams that began together end apart, so that their agents do not come back together.
constexpr std::chrono::milliseconds kShortestLife{45'000};
constexpr std::chrono::milliseconds kLongestStream{57'000};

nanoseconds some_life() {
  static thread_local std::minstd_rand random{std::random_device{}()};
  return std::chrono::milliseconds(
      std::uniform_int_distribution(kShortestLife.count(), kLongestStream.count())(random));
}

}  // namespace

PingStream::PingStream(const Backend& backend, AgentId agent,
                       const boost::asio::any_io_executor& executor)
    : backend_(backend),
      agent_(agent),
      watch_(backend.agent_watch, agent, executor),
      ends_at_(backend.clock.since_boot() + some_life()) {}

PingStream::~PingStream() {
  if (offered_) backend_.dispatch.withdraw({*offered_, agent_});
}

boost::asio::awaitable<Result<std::string>> PingStream::next() {
  for (;;) {
    if (!offer_stands()) offered_.reset();
    const nanoseconds left = ends_at_ - backend_.clock.since_boot();
    const bool is_over = left <= nanoseconds::zero() && !offered_;
    if (is_over || co_await hub::is_cancelled()) co_return std::string();
    if (offered_) {
      co_await watch_.waiter()->wait(scheduler::kOfferLife);
      continue;
    }
    OSTLER_CO_TRY(auto agent, co_await backend_.store.agent(agent_));
    if (auto news = news_for(agent)) co_return std::move(*news);
    if (!may_be_offered_a_job(agent)) {
      co_await watch_.waiter()->wait(left);
      continue;
    }
    const auto turn = co_await backend_.dispatch.next_job(std::move(agent), watch_.waiter(), left);
    if (turn.is_superseded) co_return std::string();  // the agent waits elsewhere
    offered_ = turn.job;
    if (offered_) co_return wire::encode_streamed({.job_id = offered_->str()});
  }
}

/// What the agent must be told before anything else: first what it is to do at all, later that it
/// is paused, resumed or to leave.
std::optional<std::string> PingStream::news_for(const model::Agent& agent) {
  const auto action = action_for(agent);
  if (std::exchange(told_, action) == action) return std::nullopt;
  wire::PingResponse message{.action = action};
  if (agent.pause) message.message = agent.pause->note;
  return wire::encode_streamed(message);
}

bool PingStream::offer_stands() {
  return offered_ && backend_.dispatch.stands({*offered_, agent_});
}

Answer stream_pings(const Backend& backend, Call call) {
  if (!call.request.header("Content-Type").starts_with("application/grpc")) {
    co_return net::json_response(415, wire::encode_message("StreamPings is a gRPC call"));
  }
  OSTLER_CO_TRY(const auto agent, wire::decode_stream_request(call.body));
  if (AgentId::parse(agent) != call.agent) {
    co_return Error(Errc::Denied, "this token is of another agent").with_native(403);
  }
  co_await hub::enable_total_cancellation();
  call.request.peer->cancel_on_hang_up();
  net::ServerResponse response;
  response.headers = {{"Content-Type", "application/grpc"}, {"Trailer", "grpc-status"}};
  response.body = std::make_unique<PingStream>(backend, call.agent, co_await hub::this_executor());
  co_return response;
}

}  // namespace ostler::agent_api
