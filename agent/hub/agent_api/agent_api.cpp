// SPDX-License-Identifier: Apache-2.0
#include "hub/agent_api/agent_api.hpp"

#include <strings.h>

#include <utility>

#include "hub/error_response.hpp"
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

Error not_the_jobs() { return {Errc::Denied, "this is not the token of that job"}; }

}  // namespace

boost::asio::awaitable<net::ServerResponse> AgentApi::handle(net::ServerRequest& request) {
  auto [route, id] = find_route(request.method, request.parts.segments);
  if (!route) {
    co_return net::json_response(404, wire::encode_message("no such call in the Agent API"));
  }
  co_return co_await answer(*route, Call{.request = request, .id = std::move(id)});
}

boost::asio::awaitable<net::ServerResponse> AgentApi::answer(const Route& route, Call call) {
  net::ServerRequest& request = call.request;
  auto response = co_await serve(route, std::move(call));
  if (response) co_return std::move(response).value();
  co_return hub::error_response(request, response.error());
}

boost::asio::awaitable<Result<net::ServerResponse>> AgentApi::serve(const Route& route, Call call) {
  call.token = token_of(call.request);
  OSTLER_CO_TRY(co_await admit(route.access, call));
  auto body = co_await net::read_whole(*call.request.body, route.body_limit);
  // An answer of 4xx makes an agent throw a chunk away; a slow or broken upload is no reason to.
  if (!body && body.error().native() == 408) {
    co_return Error(Errc::Timeout, body.error().message());
  }
  OSTLER_CO_TRY(call.body, std::move(body));
  co_return co_await route.handler(backend_, std::move(call));
}

boost::asio::awaitable<Result<void>> AgentApi::admit(Access access, Call& call) {
  if (call.token.empty()) co_return unauthorized();
  auto principal = co_await backend_.store.authenticate(call.token, backend_.clock.now());
  if (!principal && principal.error().code() == Errc::Denied) co_return unauthorized();
  OSTLER_CO_TRY(const auto& holder, std::move(principal));
  if (const auto* agent = std::get_if<store::AgentTokenHolder>(&holder)) {
    if (access != Access::Registration) co_return unauthorized();
    call.registration = *agent;
  } else if (const auto* session = std::get_if<store::SessionHolder>(&holder)) {
    if (access == Access::Registration) co_return unauthorized();
    if (access == Access::JobAlone) co_return not_the_jobs();
    call.agent = session->agent;
  } else if (const auto* job = std::get_if<store::JobHolder>(&holder)) {
    if (access == Access::Registration || access == Access::Session) co_return unauthorized();
    const bool is_own = JobId::parse(call.id) == job->job;
    if (access == Access::JobAlone && !is_own) co_return not_the_jobs();
    if (access == Access::Job && !is_own) {
      co_return Error(Errc::NotFound, "this token is for another job");
    }
    call.agent = job->agent;
    call.job_holder = *job;
  } else {
    co_return unauthorized();
  }
  co_return success();
}

}  // namespace ostler::agent_api
