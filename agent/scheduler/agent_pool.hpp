// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "model/tags.hpp"

namespace ostler::scheduler {

/// Which of several idle agents is preferred. Source: reference/pipeline-yaml.md 13.
struct AgentOrder {
  std::optional<std::int64_t> priority;    ///< higher first, none last
  std::optional<Timestamp> last_finished;  ///< most recent first, none last
  AgentId agent;

  friend std::strong_ordering operator<=>(const AgentOrder& a, const AgentOrder& b) {
    if (const auto by = b.priority <=> a.priority; by != 0) return by;
    if (const auto by = b.last_finished <=> a.last_finished; by != 0) return by;
    return a.agent <=> b.agent;
  }
  friend bool operator==(const AgentOrder&, const AgentOrder&) = default;
};

/// Agents that wait for a job, listed under each of their terms in order of preference.
class AgentPool {
 public:
  /// Replaces the agent's entry when it is in the pool.
  void add(const AgentOrder& order, QueueId queue, model::Terms terms);
  /// Does nothing when the agent is not in the pool.
  void remove(AgentId agent);

  /// The agents of a queue with their terms, the preferred one first.
  std::vector<std::pair<AgentId, model::Terms>> of_queue(QueueId queue) const;

  /// The preferred agent of `queue` that has the demanded terms; `last_resort` only when there is
  /// no other.
  std::optional<AgentId> best_for(QueueId queue, const model::Terms& demanded,
                                  std::optional<AgentId> last_resort) const;

 private:
  struct Entry {
    AgentOrder order;
    QueueId queue;
    model::Terms terms;
  };
  using List = std::pair<QueueId, std::string>;  ///< the empty term lists every agent of a queue

  const std::set<AgentOrder>* shortest_list(QueueId queue, const model::Terms& demanded) const;

  std::map<List, std::set<AgentOrder>> lists_;
  std::unordered_map<AgentId, Entry> entries_;
};

}  // namespace ostler::scheduler
