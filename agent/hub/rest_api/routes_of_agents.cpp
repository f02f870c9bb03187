// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/routes.hpp"

namespace ostler::rest_api {
namespace {

constexpr std::array kAgentRoutes = {
    Route{"GET", "organizations/:org/agents", "read_agents", list_agents},
    Route{"GET", "organizations/:org/agents/:agent", "read_agents", get_agent},
    Route{"PUT", "organizations/:org/agents/:agent/stop", "write_agents", stop_agent},
    Route{"PUT", "organizations/:org/agents/:agent/pause", "write_agents", pause_agent},
    Route{"PUT", "organizations/:org/agents/:agent/resume", "write_agents", resume_agent},
};

}  // namespace

std::span<const Route> agent_routes() { return kAgentRoutes; }

}  // namespace ostler::rest_api
