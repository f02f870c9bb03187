// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace ostler::model {

/// Where a session of an agent is in its life. The numbers are stored: append, never renumber.
///
///   Registered --Connect--> Connected --Disconnect--> Disconnected
///                             |   ^                       |
///                        Lose |   | Heartbeat, Connect    | Connect
///                             v   |                       v
///                             Lost                    Connected
enum class AgentState : std::uint8_t {
  Registered = 1,  ///< never connected
  Connected = 2,
  Disconnected = 3,
  Lost = 4,  ///< silent for too long; gets no work until it is heard again
};

enum class AgentEvent : std::uint8_t { Connect, Heartbeat, Disconnect, Lose };

/// What a session becomes by an event.
/// Errors: Conflict naming both when the event is not allowed in that state.
Result<AgentState> transition(AgentState state, AgentEvent event);

/// For logs and errors: "registered".
std::string_view to_string(AgentState state);
std::string_view to_string(AgentEvent event);

}  // namespace ostler::model
