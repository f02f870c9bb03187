// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "daemon/agent_steering.hpp"
#include "diag/agent_metrics.hpp"
#include "net/http_server.hpp"

namespace ostler::daemon {

/// Tells monitors how the agent fares, in the genuine agent's shape. Source: job-lifecycle 10.2.
class HealthServer final : public net::RequestHandler {
 public:
  /// All outlive it.
  HealthServer(const AgentSteering& agent, const diag::AgentMetrics& metrics, const Clock& clock)
      : agent_(agent), metrics_(metrics), clock_(clock) {}

  boost::asio::awaitable<net::ServerResponse> handle(net::ServerRequest& request) override;

 private:
  net::ServerResponse heartbeat_of(std::string_view slot) const;

  const AgentSteering& agent_;
  const diag::AgentMetrics& metrics_;
  const Clock& clock_;
};

}  // namespace ostler::daemon
