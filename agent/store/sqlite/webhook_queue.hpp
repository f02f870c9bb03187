// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/uuid.hpp"
#include "model/notification.hpp"
#include "store/sqlite/connection.hpp"

namespace ostler::store::sqlite {

/// Keeps the webhooks among `notifications` for the build, behind those it has.
/// Errors: UserFault when they are more than 100.
Result<void> insert_webhooks(Connection& database, BuildId build,
                             const std::vector<model::Notification>& notifications);

/// Queues what the build's webhooks are to hear of its going from one state to another, where
/// their conditions hold. `told_state` 0: the build is new. Requires: the build's row is as it
/// will be.
Result<void> queue_deliveries(Connection& database, BuildId build, std::int64_t told_state,
                              std::int64_t state, Timestamp now);

}  // namespace ostler::store::sqlite
