// SPDX-License-Identifier: Apache-2.0
#include "scheduler/job_pool.hpp"

#include "base/assert.hpp"

namespace ostler::scheduler {

void JobPool::add(const JobOrder& order, QueueId queue, const model::Terms& terms) {
  OSTLER_ASSERT(!places_.contains(order.job));
  const auto [found, fresh] = classes_.try_emplace(ClassKey(queue, terms));
  if (fresh) {
    found->second.filed_under = choose_shelf(queue, terms);
    shelves_[Shelf(queue, found->second.filed_under)].insert(found->first);
  }
  found->second.jobs.insert(order);
  places_.emplace(order.job, std::pair(found, order));
}

void JobPool::remove(JobId job) {
  const auto place = places_.find(job);
  if (place == places_.end()) return;
  const auto [found, order] = place->second;
  places_.erase(place);
  found->second.jobs.erase(order);
  if (!found->second.jobs.empty()) return;
  const auto shelf = shelves_.find(Shelf(found->first.first, found->second.filed_under));
  shelf->second.erase(found->first);
  if (shelf->second.empty()) shelves_.erase(shelf);
  classes_.erase(found);
}

std::optional<JobId> JobPool::first_for(QueueId queue, const model::Terms& available) const {
  const JobOrder* best = nullptr;
  look_at(Shelf(queue, ""), available, best);
  for (const std::string& term : available) look_at(Shelf(queue, term), available, best);
  if (!best) return std::nullopt;
  return best->job;
}

/// The term with the fewest classes filed under it: agents that lack it never see the class.
std::string JobPool::choose_shelf(QueueId queue, const model::Terms& terms) const {
  std::string chosen;
  std::size_t fewest = SIZE_MAX;
  for (const std::string& term : terms) {
    const auto shelf = shelves_.find(Shelf(queue, term));
    const std::size_t filed = shelf == shelves_.end() ? 0 : shelf->second.size();
    if (filed < fewest) {
      fewest = filed;
      chosen = term;
    }
  }
  return chosen;
}

void JobPool::look_at(const Shelf& shelf, const model::Terms& available,
                      const JobOrder*& best) const {
  const auto found = shelves_.find(shelf);
  if (found == shelves_.end()) return;
  for (const ClassKey& key : found->second) {
    if (!model::fits(key.second, available)) continue;
    const JobOrder& first = *classes_.at(key).jobs.begin();
    if (!best || first < *best) best = &first;
  }
}

}  // namespace ostler::scheduler
