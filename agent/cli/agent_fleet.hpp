// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"
#include "cli/hub_client.hpp"

namespace ostler::cli {

/// Which agents of a hub a list has.
struct AgentQuery {
  std::string name;      ///< exact; empty: any
  std::string hostname;  ///< exact; empty: any
  bool as_json = false;
};

/// Prints the agents that are connected to a hub.
Result<int> list_agents_of_hub(HubClient& hub, const AgentQuery& query);

}  // namespace ostler::cli
