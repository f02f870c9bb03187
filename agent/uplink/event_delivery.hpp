// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "agent_client/agent_api.hpp"
#include "base/result.hpp"
#include "wire/agent_api_events.hpp"

namespace ostler::uplink {

/// Tells the server a batch of a job's events. When it refuses the batch for what is in it, the
/// halves are told, down to the events that it refuses alone: these are lost, which is logged once.
/// Errors: Cancelled; some may have been taken, and can be told again.
boost::asio::awaitable<Result<void>> deliver_events(agent_client::AgentApi& api,
                                                    agent_client::Peer peer, std::string job,
                                                    std::vector<wire::JobEvent> events);

}  // namespace ostler::uplink
