// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <string_view>

#include "agent_client/agent_api.hpp"
#include "supervise/message.hpp"

namespace ostler::daemon {

/// Whether a process of the job may make this call in the job's name: on the job itself, on its
/// build, on steps. `path` is relative to the endpoint, percent-encoded, with its query.
bool may_call(std::string_view method, std::string_view path, std::string_view job,
              std::string_view build);

/// Makes a call of an in-job command with the job's token and returns what it is told: the
/// server's answer as it is, 403 for a call that it may not make, 502 when the server gave none.
boost::asio::awaitable<supervise::ApiReply> forward(agent_client::AgentApi& api,
                                                    agent_client::Peer peer, std::string job,
                                                    std::string build,
                                                    supervise::ApiRequest request);

}  // namespace ostler::daemon
