// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "scheduler/agent_pool.hpp"
#include "scheduler/job_pool.hpp"

// Which job is offered to which agent. Offers are soft: only an accept that the store commits
// gives a job away, so everything here may be lost and is rebuilt from the store.
namespace ostler::scheduler {

/// A job that any agent of its queue may have whose tags fit the rules.
struct WaitingJob {
  JobId job;
  QueueId queue;
  std::vector<std::string> rules = {};
  std::int64_t priority = 0;
  Timestamp scheduled_at = {};
  std::int64_t position = 0;
};

/// An agent that waits for a job.
struct WaitingAgent {
  AgentId agent;
  QueueId queue;
  std::vector<std::string> tags = {};
  std::optional<std::int64_t> priority = {};
  std::optional<Timestamp> last_finished = {};  ///< end of its last job
};

struct Offer {
  JobId job;
  AgentId agent;

  friend bool operator==(const Offer&, const Offer&) = default;
};

/// An offer that nobody accepted in time.
struct Lapse {
  Offer offer;
  std::optional<AgentId> next = {};  ///< whom the job is offered to instead; none: it waits

  friend bool operator==(const Lapse&, const Lapse&) = default;
};

/// How long an agent has to accept an offer.
inline constexpr std::chrono::nanoseconds kOfferLife = std::chrono::seconds(10);

/// Matches waiting jobs with waiting agents as they come, one offer for each job and agent at a
/// time. Every call does the work of one match, however many others wait.
///
///   job: waiting --offer--> offered --remove_job (accepted)--> gone
///           ^                  |
///           +--not accepted----+  after the offer's life, or withdrawn
///
/// `now` is any clock that never goes back. Not thread-safe.
class Dispatcher {
 public:
  explicit Dispatcher(std::chrono::nanoseconds offer_life = kOfferLife) : offer_life_(offer_life) {}

  /// Takes a job in, unless it is known, and offers it at once when an agent waits for it.
  std::optional<Offer> add_job(const WaitingJob& job, std::chrono::nanoseconds now);
  /// Forgets a job: accepted or no longer to be had.
  void remove_job(JobId job);

  /// Offers the agent its first job in dispatch order, or lets it wait. An agent whose offer still
  /// stands gets the same one again: the answer with the first may have been lost.
  std::optional<JobId> add_agent(const WaitingAgent& agent, std::chrono::nanoseconds now);
  /// The agent waits no more. An offer to it stands.
  void remove_agent(AgentId agent);

  /// Sets which queues are paused: their jobs are offered to nobody. Returns the offers of those
  /// that were paused and are no more. An offer that was made before a pause
  /// is not taken back here: the store refuses its accept.
  std::vector<Offer> set_paused(std::set<QueueId> queues, std::chrono::nanoseconds now);
  bool is_paused(QueueId queue) const { return paused_.contains(queue); }

  /// The agent that the job is being offered to; none when it waits or is not known.
  std::optional<AgentId> offered(JobId job) const;

  /// Takes an offer back that did not reach its agent and offers the job to another one.
  std::optional<Offer> withdraw(const Offer& offer, std::chrono::nanoseconds now);
  /// Takes back every offer whose life is over and offers those jobs to others.
  std::vector<Lapse> expire_offers(std::chrono::nanoseconds now);
  /// When the next offer's life is over; none when there is no offer.
  std::optional<std::chrono::nanoseconds> next_expiry() const;

 private:
  struct OpenOffer {
    AgentId agent;
    std::chrono::nanoseconds until;
  };
  struct Entry {
    JobOrder order;
    QueueId queue;
    model::Terms terms;
    std::optional<OpenOffer> offer;
  };

  std::optional<AgentId> agent_for(const Entry& entry, std::optional<AgentId> last_resort) const;
  std::optional<Offer> offer_first(QueueId queue, AgentId agent, const model::Terms& terms,
                                   std::chrono::nanoseconds now);
  Offer make_offer(Entry& entry, AgentId agent, std::chrono::nanoseconds now);
  void close_offer(Entry& entry);
  std::optional<Offer> offer_elsewhere(Entry& entry, std::chrono::nanoseconds now);

  std::chrono::nanoseconds offer_life_;
  JobPool jobs_;
  AgentPool agents_;
  std::set<QueueId> paused_;
  std::unordered_map<JobId, Entry> entries_;
  std::unordered_map<AgentId, JobId> offered_to_;
  std::set<std::pair<std::chrono::nanoseconds, JobId>> expiries_;
};

}  // namespace ostler::scheduler
