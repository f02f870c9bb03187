// SPDX-License-Identifier: Apache-2.0
#include "model/agent_state.hpp"

#include <string>

namespace ostler::model {

Result<AgentState> transition(AgentState state, AgentEvent event) {
  const bool is_live = state == AgentState::Connected || state == AgentState::Lost;
  switch (event) {
    case AgentEvent::Connect: return AgentState::Connected;
    case AgentEvent::Heartbeat:
      if (is_live) return AgentState::Connected;
      break;
    case AgentEvent::Disconnect: return AgentState::Disconnected;
    case AgentEvent::Lose:
      if (state == AgentState::Connected) return AgentState::Lost;
      break;
  }
  return Error(Errc::Conflict, "agent is " + std::string(to_string(state)) + ": it cannot " +
                                   std::string(to_string(event)));
}

std::string_view to_string(AgentState state) {
  switch (state) {
    case AgentState::Registered: return "registered";
    case AgentState::Connected: return "connected";
    case AgentState::Disconnected: return "disconnected";
    case AgentState::Lost: return "lost";
  }
  return "unknown";
}

std::string_view to_string(AgentEvent event) {
  switch (event) {
    case AgentEvent::Connect: return "connect";
    case AgentEvent::Heartbeat: return "heartbeat";
    case AgentEvent::Disconnect: return "disconnect";
    case AgentEvent::Lose: return "lose";
  }
  return "unknown";
}

}  // namespace ostler::model
