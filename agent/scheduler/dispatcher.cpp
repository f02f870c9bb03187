// SPDX-License-Identifier: Apache-2.0
#include "scheduler/dispatcher.hpp"

#include <utility>

namespace ostler::scheduler {

std::optional<Offer> Dispatcher::add_job(const WaitingJob& job, std::chrono::nanoseconds now) {
  const JobOrder order{job.priority, job.scheduled_at, job.position, job.job};
  const auto [found, fresh] =
      entries_.try_emplace(job.job, Entry{order, job.queue, model::terms_of_rules(job.rules), {}});
  if (!fresh) return std::nullopt;
  Entry& entry = found->second;
  if (const auto agent = agent_for(entry, std::nullopt)) {
    return make_offer(entry, *agent, now);
  }
  jobs_.add(entry.order, entry.queue, entry.terms);
  return std::nullopt;
}

void Dispatcher::remove_job(JobId job) {
  const auto found = entries_.find(job);
  if (found == entries_.end()) return;
  if (found->second.offer) close_offer(found->second);
  jobs_.remove(job);
  entries_.erase(found);
}

std::optional<JobId> Dispatcher::add_agent(const WaitingAgent& agent,
                                           std::chrono::nanoseconds now) {
  if (const auto standing = offered_to_.find(agent.agent); standing != offered_to_.end()) {
    return standing->second;
  }
  model::Terms terms = model::terms_of_tags(agent.tags);
  if (const auto offer = offer_first(agent.queue, agent.agent, terms, now)) return offer->job;
  agents_.add({agent.priority, agent.last_finished, agent.agent}, agent.queue, std::move(terms));
  return std::nullopt;
}

/// Offers an agent that is idle the first job that it can run.
std::optional<Offer> Dispatcher::offer_first(QueueId queue, AgentId agent,
                                             const model::Terms& terms,
                                             std::chrono::nanoseconds now) {
  if (is_paused(queue)) return std::nullopt;
  const auto job = jobs_.first_for(queue, terms);
  if (!job) return std::nullopt;
  jobs_.remove(*job);
  return make_offer(entries_.at(*job), agent, now);
}

std::vector<Offer> Dispatcher::set_paused(std::set<QueueId> queues, std::chrono::nanoseconds now) {
  const std::set<QueueId> before = std::exchange(paused_, std::move(queues));
  std::vector<Offer> offers;
  for (const QueueId queue : before) {
    if (is_paused(queue)) continue;
    for (const auto& [agent, terms] : agents_.of_queue(queue)) {
      if (const auto offer = offer_first(queue, agent, terms, now)) offers.push_back(*offer);
    }
  }
  return offers;
}

void Dispatcher::remove_agent(AgentId agent) { agents_.remove(agent); }

std::optional<AgentId> Dispatcher::offered(JobId job) const {
  const auto found = entries_.find(job);
  if (found == entries_.end() || !found->second.offer) return std::nullopt;
  return found->second.offer->agent;
}

std::optional<Offer> Dispatcher::withdraw(const Offer& offer, std::chrono::nanoseconds now) {
  const auto found = entries_.find(offer.job);
  if (found == entries_.end()) return std::nullopt;
  Entry& entry = found->second;
  if (!entry.offer || entry.offer->agent != offer.agent) return std::nullopt;
  return offer_elsewhere(entry, now);
}

std::vector<Lapse> Dispatcher::expire_offers(std::chrono::nanoseconds now) {
  std::vector<JobId> due;
  for (const auto& [until, job] : expiries_) {
    if (until > now) break;
    due.push_back(job);
  }
  std::vector<Lapse> lapses;
  for (const JobId job : due) {
    Entry& entry = entries_.at(job);
    Lapse& lapse = lapses.emplace_back(Lapse{.offer = {job, entry.offer->agent}});
    if (const auto offer = offer_elsewhere(entry, now)) lapse.next = offer->agent;
  }
  return lapses;
}

std::optional<std::chrono::nanoseconds> Dispatcher::next_expiry() const {
  if (expiries_.empty()) return std::nullopt;
  return expiries_.begin()->first;
}

std::optional<AgentId> Dispatcher::agent_for(const Entry& entry,
                                             std::optional<AgentId> last_resort) const {
  if (is_paused(entry.queue)) return std::nullopt;
  return agents_.best_for(entry.queue, entry.terms, last_resort);
}

Offer Dispatcher::make_offer(Entry& entry, AgentId agent, std::chrono::nanoseconds now) {
  const JobId job = entry.order.job;
  agents_.remove(agent);
  entry.offer = OpenOffer{agent, now + offer_life_};
  offered_to_.emplace(agent, job);
  expiries_.emplace(entry.offer->until, job);
  return {job, agent};
}

void Dispatcher::close_offer(Entry& entry) {
  offered_to_.erase(entry.offer->agent);
  expiries_.erase({entry.offer->until, entry.order.job});
  entry.offer.reset();
}

/// The agent that let an offer lapse gets the job again only when nobody else waits for it: one
/// that cannot accept must not keep a job from the others.
std::optional<Offer> Dispatcher::offer_elsewhere(Entry& entry, std::chrono::nanoseconds now) {
  const AgentId lapsed = entry.offer->agent;
  close_offer(entry);
  if (const auto agent = agent_for(entry, lapsed)) {
    return make_offer(entry, *agent, now);
  }
  jobs_.add(entry.order, entry.queue, entry.terms);
  return std::nullopt;
}

}  // namespace ostler::scheduler
