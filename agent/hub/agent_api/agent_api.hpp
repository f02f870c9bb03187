// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/agent_api/call.hpp"
#include "hub/agent_api/routes.hpp"

namespace ostler::agent_api {

/// Serves everything below /v3, and StreamPings. What it does not know it answers 404, never 501:
/// agents repeat calls that are answered 5xx for minutes.
class AgentApi final : public net::RequestHandler {
 public:
  explicit AgentApi(Backend backend) : backend_(std::move(backend)) {}

  boost::asio::awaitable<net::ServerResponse> handle(net::ServerRequest& request) override;

 private:
  boost::asio::awaitable<net::ServerResponse> answer(const Route& route, Call call);
  boost::asio::awaitable<Result<net::ServerResponse>> serve(const Route& route, Call call);
  boost::asio::awaitable<Result<void>> admit(const Route& route, Call& call);

  Backend backend_;
};

}  // namespace ostler::agent_api
