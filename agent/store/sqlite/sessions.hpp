// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/uuid.hpp"
#include "store/sqlite/connection.hpp"

namespace ostler::store::sqlite {

/// When a session's token ends; none: it goes on, as it does while the agent is connected. One
/// that is not ends like that of a job that is over: its agent may come back until then.
Result<void> expire_session(Connection& database, AgentId agent, std::optional<Timestamp> at);
/// Forgets an agent that is not connected, has no token any more, and is named by no job.
Result<void> forget_unused_agent(Connection& database, AgentId agent);

}  // namespace ostler::store::sqlite
