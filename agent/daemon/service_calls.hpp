// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <string_view>

#include "daemon/agent_parts.hpp"
#include "supervise/message.hpp"

// Services that outlive jobs, as the agent starts them; docs/adr/0006.
namespace ostler::daemon {

/// Whether a call of a worker is about them, and not for the server.
bool is_service_call(std::string_view path);

/// Does what supervise/service_call.hpp says, for plugins that plugin-services lists, within the
/// scope that the worker says.
boost::asio::awaitable<supervise::ApiReply> answer_service_call(AgentParts& parts, std::string job,
                                                                supervise::ApiRequest request);

/// At the start of an agent: says which services go on, ends what is left of those whose keeper
/// died, finishes promotions that were cut short, and removes old files. Blocks, for seconds if
/// something is left.
void look_after_services(const StateDirectory& state, Timestamp now);

}  // namespace ostler::daemon
