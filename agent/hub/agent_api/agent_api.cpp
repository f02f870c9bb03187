// SPDX-License-Identifier: Apache-2.0
#include "hub/agent_api/agent_api.hpp"

#include <strings.h>

#include <utility>

#include "hub/agent_api/refusals.hpp"
#include "hub/error_response.hpp"
#include "model/ip_networks.hpp"
#include "wire/agent_api.hpp"

namespace ostler::agent_api {
namespace {

/// The token of "Authorization: Token <text>"; empty when there is none.
Secret token_of(const net::ServerRequest& request) {
  constexpr std::string_view kScheme = "Token ";
  const std::string_view header = request.header("Authorization");
  if (header.size() < kScheme.size() ||
      ::strncasecmp(header.data(), kScheme.data(), kScheme.size()) != 0) {
    return {};
  }
  return Secret(std::string(header.substr(kScheme.size())));
}

Error unauthorized() {
  return Error(Errc::Denied, "this token is not known here, or not for this call").with_native(401);
}

/// A promise that comes too late is 422 to agents. Source: agent-api 2.10.
Error too_late(Access access) {
  return Error(
             Errc::Denied,
             "the job of this token is over; it serves for log chunks, artifact states and finish")
      .with_native(access == Access::JobAlone ? 422 : 401);
}

/// Agents that do not say where they live, and the commands of jobs, cannot be told apart.
Result<void> check_holder(const net::ServerRequest& request, const std::string& instance) {
  const std::string_view caller = request.header(wire::kInstanceHeader);
  if (caller.empty() || instance.empty() || caller == instance) return success();
  return Error(Errc::Conflict, "this session is held by another agent")
      .with_native(wire::kHeldElsewhere);
}

Error not_the_jobs() { return {Errc::Denied, "this is not the token of that job"}; }

Error not_from_here(const std::string& address) {
  return Error(Errc::Denied, "this token does not let agents in from " + address +
                                 "; its allowed_ip_addresses say from where")
      .with_native(403);
}

// Each notes in the call who makes it. Errors: 401, or why not this call.

Result<void> admit_holder(const store::AgentTokenHolder& agent, const Route& route, Call& call) {
  if (route.access != Access::Registration) return unauthorized();
  const std::string& address = call.request.peer->address();
  if (!model::is_in_networks(agent.allowed_ip_addresses, address)) {
    return not_from_here(address);
  }
  call.registration = agent;
  return success();
}

Result<void> admit_holder(const store::SessionHolder& session, const Route& route, Call& call) {
  if (route.access == Access::Registration) return unauthorized();
  if (route.access == Access::JobAlone) return not_the_jobs();
  call.agent = session.agent;
  return check_holder(call.request, session.instance);
}

Result<void> admit_holder(const store::JobHolder& job, const Route& route, Call& call) {
  const Access access = route.access;
  if (access == Access::Registration || access == Access::Session) return unauthorized();
  call.agent = job.agent;
  OSTLER_TRY(check_holder(call.request, job.instance));
  const bool is_own = JobId::parse(call.id) == job.job;
  if (access == Access::JobAlone && !is_own) return not_the_jobs();
  if (access == Access::Job && !is_own) {
    return Error(Errc::NotFound, "this token is for another job");
  }
  if (job.is_over && !route.reports_late) return too_late(access);
  call.job_holder = job;
  return success();
}

Result<void> admit_holder(const store::ApiHolder&, const Route&, Call&) { return unauthorized(); }

}  // namespace

boost::asio::awaitable<net::ServerResponse> AgentApi::handle(net::ServerRequest& request) {
  auto [route, id] = find_route(request.method, request.parts.segments);
  if (!route) {
    co_return net::json_response(404, wire::encode_message("no such call in the Agent API"));
  }
  co_return co_await answer(*route, Call{.request = request, .id = std::move(id)});
}

boost::asio::awaitable<net::ServerResponse> AgentApi::answer(const Route& route, Call call) {
  call.token = token_of(call.request);
  const auto admitted = co_await admit(route, call);
  const Caller caller{call.agent, call.id};
  auto response = admitted ? co_await serve(route, std::move(call))
                           : Result<net::ServerResponse>(admitted.error());
  if (response) co_return std::move(response).value();
  log_refusal(route, caller, response.error(), backend_.lines);
  co_return hub::error_answer(response.error());
}

boost::asio::awaitable<Result<net::ServerResponse>> AgentApi::serve(const Route& route, Call call) {
  auto body = co_await net::read_whole(*call.request.body, route.body_limit);
  // An answer of 4xx makes an agent throw a chunk away; a slow or broken upload is no reason to.
  if (!body && body.error().native() == 408) {
    co_return Error(Errc::Timeout, body.error().message());
  }
  OSTLER_CO_TRY(call.body, std::move(body));
  co_return co_await route.handler(backend_, std::move(call));
}

boost::asio::awaitable<Result<void>> AgentApi::admit(const Route& route, Call& call) {
  if (call.token.empty()) co_return unauthorized();
  auto principal = co_await backend_.store.authenticate(call.token, backend_.clock.now());
  if (!principal && principal.error().code() == Errc::Denied) co_return unauthorized();
  OSTLER_CO_TRY(const auto& holder, std::move(principal));
  co_return std::visit([&](const auto& known) { return admit_holder(known, route, call); }, holder);
}

}  // namespace ostler::agent_api
