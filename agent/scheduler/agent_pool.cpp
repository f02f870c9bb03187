// SPDX-License-Identifier: Apache-2.0
#include "scheduler/agent_pool.hpp"

namespace ostler::scheduler {

void AgentPool::add(const AgentOrder& order, QueueId queue, model::Terms terms) {
  remove(order.agent);
  lists_[List(queue, "")].insert(order);
  for (const std::string& term : terms) lists_[List(queue, term)].insert(order);
  entries_.emplace(order.agent, Entry{order, queue, std::move(terms)});
}

void AgentPool::remove(AgentId agent) {
  const auto found = entries_.find(agent);
  if (found == entries_.end()) return;
  const Entry entry = std::move(found->second);
  entries_.erase(found);
  const auto leave = [&](const std::string& term) {
    const auto list = lists_.find(List(entry.queue, term));
    list->second.erase(entry.order);
    if (list->second.empty()) lists_.erase(list);
  };
  leave("");
  for (const std::string& term : entry.terms) leave(term);
}

std::vector<std::pair<AgentId, model::Terms>> AgentPool::of_queue(QueueId queue) const {
  std::vector<std::pair<AgentId, model::Terms>> agents;
  const auto whole = lists_.find(List(queue, ""));
  if (whole == lists_.end()) return agents;
  for (const AgentOrder& order : whole->second) {
    agents.emplace_back(order.agent, entries_.at(order.agent).terms);
  }
  return agents;
}

std::optional<AgentId> AgentPool::best_for(QueueId queue, const model::Terms& demanded,
                                           std::optional<AgentId> last_resort) const {
  const auto* candidates = shortest_list(queue, demanded);
  if (!candidates) return std::nullopt;
  std::optional<AgentId> fallback;
  for (const AgentOrder& order : *candidates) {
    if (!model::fits(demanded, entries_.at(order.agent).terms)) continue;
    if (order.agent != last_resort) return order.agent;
    fallback = order.agent;
  }
  return fallback;
}

/// The shortest list that every fitting agent is on; null when one of them is empty.
const std::set<AgentOrder>* AgentPool::shortest_list(QueueId queue,
                                                     const model::Terms& demanded) const {
  const auto whole = lists_.find(List(queue, ""));
  if (whole == lists_.end()) return nullptr;
  const std::set<AgentOrder>* shortest = &whole->second;
  for (const std::string& term : demanded) {
    const auto list = lists_.find(List(queue, term));
    if (list == lists_.end()) return nullptr;
    if (list->second.size() < shortest->size()) shortest = &list->second;
  }
  return shortest;
}

}  // namespace ostler::scheduler
