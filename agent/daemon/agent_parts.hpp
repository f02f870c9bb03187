// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <set>
#include <string>

#include "agent_client/agent_api.hpp"
#include "base/clock.hpp"
#include "config/agent_config.hpp"
#include "daemon/runtime_directory.hpp"
#include "daemon/state_directory.hpp"
#include "diag/agent_metrics.hpp"
#include "net/timers.hpp"
#include "net/work_pool.hpp"

namespace ostler::daemon {

/// What the objects of one agent share. Outlives all of them.
struct AgentParts {
  boost::asio::any_io_executor strand;  ///< every object of the agent runs here
  net::WorkPool& pool;                  ///< for what blocks or computes long
  net::WorkPool& service_pool;          ///< one thread: calls about services, one after the other
  agent_client::AgentApi& api;
  net::Timers& timers;
  const Clock& clock;
  const StateDirectory& state;
  const RuntimeDirectory& runtime;
  const config::AgentConfig& config;
  std::filesystem::path program;  ///< bin/ostler: keeper, worker and the commands of jobs
  std::filesystem::path groups;   ///< where jobs get their control groups; empty: nowhere
  diag::AgentMetrics& metrics;
  /// Those that a slot asks for, runs or delivers. A server that forgot an offer may make it again
  /// to another slot, and two of them cannot have one job's directory and keeper.
  std::set<std::string> jobs_in_hand{};
};

}  // namespace ostler::daemon
