// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "model/build.hpp"

// Where jobs wait: clusters, their queues, and the tokens with which agents join a cluster.
namespace ostler::model {

struct Cluster {
  ClusterId id;
  OrganizationId organization;
  std::string name{};  ///< unique in the organization
  std::string description{};
  std::string emoji{};
  std::string color{};                     ///< "#rrggbb"; empty: none
  std::optional<QueueId> default_queue{};  ///< of jobs and agents that name no queue
  Timestamp created_at{};
  std::optional<User> created_by{};  ///< none: made with the hub
};

/// Which agent gets a retry. The numbers are stored.
enum class RetryAffinity : std::uint8_t { PreferWarmest = 0, PreferDifferent = 1 };

/// While it lasts, no job of the queue is given to an agent.
struct DispatchPause {
  Timestamp since;
  std::optional<User> by{};
  std::string note{};  ///< for people; empty: none
};

/// A queue with the cluster it belongs to.
struct Queue {
  QueueId id;
  ClusterId cluster;
  std::string key{};  ///< unique in the cluster
  std::string cluster_name{};
  bool is_default = false;  ///< a cluster has one at most
  std::string description{};
  RetryAffinity retry_affinity = RetryAffinity::PreferWarmest;
  std::optional<std::chrono::seconds> lease{};  ///< none: the hub's own
  std::optional<DispatchPause> pause{};
  Timestamp created_at{};
  std::optional<User> created_by{};  ///< none: made with the hub
};

/// A token with which agents register in a cluster. Its text is not stored.
struct AgentToken {
  TokenId id;
  ClusterId cluster;
  std::string description{};
  std::string allowed_ip_addresses{};  ///< networks, a space apart; empty: every address
  Timestamp created_at{};
  std::optional<Timestamp> expires_at{};
  std::optional<User> created_by{};  ///< none: made with the hub
};

}  // namespace ostler::model
