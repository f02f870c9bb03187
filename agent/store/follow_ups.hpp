// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/uuid.hpp"

namespace ostler::store {

/// What others should look at after a write has been committed. Ids only: they may be lost or
/// doubled, and whoever wakes by one reads the present state.
struct FollowUps {
  std::vector<JobId> runnable;   ///< became Scheduled: offer them to agents
  std::vector<JobId> dropped;    ///< were Scheduled and are no more: stop offering them
  std::vector<JobId> canceling;  ///< their agents should stop them: canceling or timing out
  std::vector<JobId> finished;   ///< an agent's job reached a terminal state
  std::vector<JobId> logs;       ///< have more of a log, or all of it
  std::vector<BuildId> builds;   ///< have new events
  std::vector<AgentId> agents;   ///< took a job, are free of it, were lost, or are told something
  std::vector<QueueId> queues;   ///< were paused or resumed
  std::vector<JobId> triggers;   ///< want their builds made
};

}  // namespace ostler::store
