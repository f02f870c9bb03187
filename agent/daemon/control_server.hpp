// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/agent_steering.hpp"
#include "net/http_server.hpp"
#include "net/task_group.hpp"
#include "net/timers.hpp"

namespace ostler::daemon {

/// Serves `ostler agent list|pause|resume|stop|detach`, over a socket of this user's.
///
///   GET  status                wire::LocalAgent
///   POST pause, resume, stop, stop-now, detach
class ControlServer final : public net::RequestHandler {
 public:
  /// Both outlive it. `executor` is that of the agent.
  ControlServer(AgentSteering& agent, net::Timers& timers,
                const boost::asio::any_io_executor& executor)
      : agent_(agent), timers_(timers), tasks_(executor) {}

  boost::asio::awaitable<net::ServerResponse> handle(net::ServerRequest& request) override;
  /// Ends what is left to do. Call before it goes.
  boost::asio::awaitable<void> close();

 private:
  net::ServerResponse obey(std::string_view word);
  boost::asio::awaitable<void> detach();

  AgentSteering& agent_;
  net::Timers& timers_;
  net::TaskGroup tasks_;
};

}  // namespace ostler::daemon
