// SPDX-License-Identifier: Apache-2.0
#include "model/agent_state.hpp"

#include <gtest/gtest.h>

#include <array>
#include <optional>

namespace ostler::model {
namespace {

using enum AgentState;
using Cell = std::optional<AgentState>;

constexpr Cell X = std::nullopt;
constexpr std::array kStates{Registered, Connected, Disconnected, Lost};
constexpr std::array kEvents{AgentEvent::Connect, AgentEvent::Heartbeat, AgentEvent::Disconnect,
                             AgentEvent::Lose};
constexpr Cell kTable[4][4] = {
    {Connected, X, Disconnected, X},
    {Connected, Connected, Disconnected, Lost},
    {Connected, X, Disconnected, X},
    {Connected, Connected, Disconnected, X},
};

TEST(AgentState, MovesAsItsTableSaysAndNoOtherWay) {
  for (std::size_t s = 0; s < kStates.size(); ++s) {
    for (std::size_t e = 0; e < kEvents.size(); ++e) {
      const auto next = transition(kStates[s], kEvents[e]);
      ASSERT_EQ(next.has_value(), kTable[s][e].has_value())
          << to_string(kStates[s]) << " + " << to_string(kEvents[e]);
      if (next) EXPECT_EQ(next.value(), *kTable[s][e]);
    }
  }
}

}  // namespace
}  // namespace ostler::model
