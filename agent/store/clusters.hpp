// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "base/uuid.hpp"
#include "model/cluster.hpp"
#include "store/follow_ups.hpp"

// Changes of clusters, their queues, and the tokens with which agents join a cluster. Each names
// the cluster; what is in another one is Errc::NotFound to it.
namespace ostler::store {

struct CreateCluster {
  OrganizationId organization;
  std::string name{};
  std::string description{};
  std::string emoji{};
  std::string color{};
  UserId by;
  Timestamp now{};
};

/// What is absent stays as it is.
struct UpdateCluster {
  OrganizationId organization;
  ClusterId cluster;
  std::optional<std::string> name{};
  std::optional<std::string> description{};
  std::optional<std::string> emoji{};
  std::optional<std::string> color{};
  std::optional<QueueId> default_queue{};
};

struct DeleteCluster {
  OrganizationId organization;
  ClusterId cluster;
  Timestamp now{};
};

struct CreateQueue {
  ClusterId cluster;
  std::string key{};
  std::string description{};
  model::RetryAffinity retry_affinity = model::RetryAffinity::PreferWarmest;
  std::optional<std::chrono::seconds> lease{};
  UserId by;
  Timestamp now{};
};

/// What is absent stays as it is. A lease counts for agents that register from then on.
struct UpdateQueue {
  ClusterId cluster;
  QueueId queue;
  std::optional<std::string> description{};
  std::optional<model::RetryAffinity> retry_affinity{};
  std::optional<std::chrono::seconds> lease{};  ///< zero: the hub's own again
};

struct DeleteQueue {
  ClusterId cluster;
  QueueId queue;
  Timestamp now{};
};

struct PauseQueue {
  ClusterId cluster;
  QueueId queue;
  std::string note{};
  UserId by;
  Timestamp now{};
};

struct ResumeQueue {
  ClusterId cluster;
  QueueId queue;
};

struct QueueChange {
  model::Queue queue;
  FollowUps follow_ups;
};

struct CreateAgentToken {
  OrganizationId organization;
  ClusterId cluster;
  std::string description{};
  std::string allowed_ip_addresses{};
  std::optional<Timestamp> expires_at{};
  UserId by;
  Timestamp now{};
};
struct NewAgentToken {
  model::AgentToken token;
  Secret text;  ///< to be had here only
};

/// What is absent stays as it is.
struct UpdateAgentToken {
  ClusterId cluster;
  TokenId token;
  std::optional<std::string> description{};
  std::optional<std::string> allowed_ip_addresses{};
  Timestamp now{};
};

struct DeleteAgentToken {
  ClusterId cluster;
  TokenId token;
};

}  // namespace ostler::store
