// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

// How busy the queues of a cluster are, as the Agent API tells whoever holds an agent token, such
// as buildkite-agent-metrics. Source: rest-api 16.
namespace ostler::wire {

struct QueueCounts {
  std::int64_t idle_agents = 0;
  std::int64_t busy_agents = 0;
  std::int64_t scheduled = 0;
  std::int64_t running = 0;  ///< an agent has it
  std::int64_t waiting = 0;  ///< behind a dependency

  QueueCounts& operator+=(const QueueCounts& other);
};

struct AgentMetrics {
  std::string organization;  ///< its slug
  std::string cluster;       ///< its name
  std::map<std::string, QueueCounts> queues{};
};

/// All queues, and the sums.
std::string encode(const AgentMetrics& metrics);
/// One of them.
std::string encode_queue_metrics(const AgentMetrics& metrics, const QueueCounts& queue);

}  // namespace ostler::wire
