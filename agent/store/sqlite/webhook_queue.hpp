// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/uuid.hpp"
#include "model/notification.hpp"
#include "pipeline/condition.hpp"
#include "pipeline/fault_list.hpp"
#include "store/sqlite/connection.hpp"

namespace ostler::store::sqlite {

/// That the build would have more than 100 webhooks with those among `notifications` is a fault.
Result<void> check_webhooks(Connection& database, BuildId build,
                            const std::vector<model::Notification>& notifications,
                            pipeline::FaultList& faults);
/// Keeps the webhooks among `notifications` for the build, behind those it has; equal ones once.
Result<void> insert_webhooks(Connection& database, BuildId build,
                             const std::vector<model::Notification>& notifications);

/// Queues, in one transaction, what webhooks are to hear.
class WebhookQueue {
 public:
  WebhookQueue(Connection& database, Timestamp now) : database_(database), now_(now) {}

  /// What the build's webhooks hear of its going from one state to another, where their conditions
  /// hold. `told_state` 0: the build is new. Requires: the build's row is as it will be.
  Result<void> tell(BuildId build, std::int64_t told_state, std::int64_t state);

 private:
  /// False: too many wait.
  Result<bool> insert(BuildId build, std::int64_t position, const std::string& host,
                      std::string_view event);

  Connection& database_;
  Timestamp now_;
  /// Everything that writes waits for these conditions: they may take a fifth of a second in all.
  pipeline::ConditionWork work_{.reading = {.regexes = 200}, .matching = std::int64_t{1} << 24};
  std::optional<std::int64_t> waiting_;                ///< deliveries, in all
  std::map<std::string, std::int64_t> waiting_there_;  ///< for each host
};

}  // namespace ostler::store::sqlite
