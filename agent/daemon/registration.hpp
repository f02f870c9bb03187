// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <map>
#include <string>

#include "daemon/agent_parts.hpp"
#include "daemon/records.hpp"
#include "wire/agent_api.hpp"

namespace ostler::daemon {

/// Registers one session for a slot (under `name`, if it is not empty), stores it, connects it.
/// Tries as often as the reference says, or until the server answers when `persistent`. Errors:
/// those of AgentApi::register_agent and of storing.
boost::asio::awaitable<Result<SessionRecord>> register_session(AgentParts& parts, int slot,
                                                               std::string name, bool persistent);

/// What this agent says of itself. `name` empty: from the configuration.
wire::RegisterRequest registration_of(const config::AgentConfig& config, int slot,
                                      std::string name);

/// Of the headers that a server asks for, those that it may. Source: agent-api 1.6.
std::map<std::string, std::string> kept_headers(const std::map<std::string, std::string>& asked);

}  // namespace ostler::daemon
