// SPDX-License-Identifier: Apache-2.0
#include "hub/agent_api/handlers.hpp"
#include "wire/agent_api.hpp"

namespace ostler::agent_api {
namespace {

Result<net::ServerResponse> done(const Backend& backend, const Result<store::FollowUps>& outcome) {
  if (!outcome) return outcome.error();
  backend.changes.changed(outcome.value());
  return ok("{}");
}

/// A body may be left out.
template <class Request>
Result<Request> decode_or_none(const std::string& body,
                               Result<Request> (*decode)(std::string_view)) {
  return body.empty() ? Request() : decode(body);
}

}  // namespace

Answer pause_agent(const Backend& backend, Call call) {
  OSTLER_CO_TRY(auto request, decode_or_none(call.body, wire::decode_pause_request));
  store::PauseAgent command{
      .agent = call.agent, .note = std::move(request.note), .now = backend.clock.now()};
  if (request.timeout_in_minutes > 0) {
    command.duration = std::chrono::minutes(request.timeout_in_minutes);
  }
  co_return done(backend, co_await backend.store.pause_agent(std::move(command)));
}

Answer resume_agent(const Backend& backend, Call call) {
  const store::AgentSignal command{call.agent, backend.clock.now()};
  co_return done(backend, co_await backend.store.resume_agent(command));
}

Answer stop_agent(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto request, decode_or_none(call.body, wire::decode_stop_request));
  const store::StopAgent command{
      .agent = call.agent, .force = request.force, .now = backend.clock.now()};
  co_return done(backend, co_await backend.store.stop_agent(command));
}

}  // namespace ostler::agent_api
