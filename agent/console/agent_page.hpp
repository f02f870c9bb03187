// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "console/terminal.hpp"
#include "wire/rest_agent_answers.hpp"

// Agents of a hub as they are now, for people.
namespace ostler::console {

/// One line for each agent.
void print_agents(const std::vector<wire::RestAgentAnswer>& agents, Terminal& terminal);

/// All that is known of an agent.
void print_agent(const wire::RestAgentAnswer& agent, Terminal& terminal);

}  // namespace ostler::console
