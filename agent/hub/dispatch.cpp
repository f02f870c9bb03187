// SPDX-License-Identifier: Apache-2.0
#include "hub/dispatch.hpp"

#include <set>
#include <utility>

#include "diag/log.hpp"

namespace ostler::hub {

namespace asio = boost::asio;
using std::chrono::nanoseconds;

namespace {

constexpr std::int64_t kPage = 1000;
constexpr std::size_t kMostReadAtOnce = 500;
constexpr nanoseconds kRetry = std::chrono::milliseconds(200);
constexpr nanoseconds kIdle = std::chrono::minutes(1);

scheduler::WaitingJob waiting_job(const store::RunnableJob& job) {
  return {.job = job.job,
          .queue = job.queue,
          .rules = job.agent_query_rules,
          .priority = job.priority,
          .scheduled_at = job.scheduled_at,
          .position = job.position};
}

scheduler::WaitingAgent waiting_agent(const model::Agent& agent) {
  return {.agent = agent.id,
          .queue = agent.queue,
          .tags = agent.description.tags,
          .priority = agent.description.priority,
          .last_finished = agent.last_job_finished_at};
}

}  // namespace

Dispatch::Dispatch(const asio::any_io_executor& executor, store::Store& store, const Clock& clock,
                   LineBudget& lines)
    : store_(store), clock_(clock), lines_(lines), work_(executor) {}

asio::awaitable<Result<void>> Dispatch::load() {
  OSTLER_CO_TRY(co_await read_pauses());
  std::optional<JobId> last;
  for (;;) {
    OSTLER_CO_TRY(const auto page, co_await store_.runnable_jobs(last, kPage));
    take_in(page);
    if (page.size() < kPage) co_return success();
    last = page.back().job;
  }
}

asio::awaitable<void> Dispatch::run() {
  while (!stopping_) {
    const bool read = co_await read_pending();
    const nanoseconds next = expire_offers();
    co_await work_.wait(read ? next : std::min(next, kRetry));
  }
}

void Dispatch::stop() {
  stopping_ = true;
  work_.wake();
}

asio::awaitable<Dispatch::Turn> Dispatch::next_job(model::Agent agent,
                                                   std::shared_ptr<Waiter> waiter,
                                                   nanoseconds limit) {
  const auto at_once = state_.with([&](State& state) -> std::optional<JobId> {
    const auto job = state.dispatcher.add_agent(waiting_agent(agent), clock_.since_boot());
    if (job || limit <= nanoseconds::zero()) {
      state.dispatcher.remove_agent(agent.id);
      return job;
    }
    const auto former = std::exchange(state.pings[agent.id], WaitingPing{waiter, std::nullopt});
    if (former.waiter) former.waiter->wake();
    return std::nullopt;
  });
  if (at_once) work_.wake();  // the offer has a life to watch over
  if (at_once || limit <= nanoseconds::zero()) co_return Turn{.job = at_once};
  co_await waiter->wait(limit);
  co_return end_wait(agent.id, waiter, co_await is_cancelled());
}

Dispatch::Turn Dispatch::end_wait(AgentId agent, const std::shared_ptr<Waiter>& waiter,
                                  bool cancelled) {
  return state_.with([&](State& state) -> Turn {
    const auto found = state.pings.find(agent);
    const bool is_mine = found != state.pings.end() && found->second.waiter == waiter;
    if (!is_mine) return {.is_superseded = true};
    const auto offered = found->second.offered;
    state.pings.erase(found);
    if (!offered) state.dispatcher.remove_agent(agent);
    if (!offered || !cancelled) return {.job = offered};
    deliver(state, state.dispatcher.withdraw({*offered, agent}, clock_.since_boot()));
    work_.wake();
    return {};
  });
}

void Dispatch::withdraw(const scheduler::Offer& offer) {
  state_.with(
      [&](State& state) { deliver(state, state.dispatcher.withdraw(offer, clock_.since_boot())); });
  work_.wake();
}

bool Dispatch::is_offered_elsewhere(JobId job, AgentId agent) {
  const auto holder = state_.with([&](State& state) { return state.dispatcher.offered(job); });
  return holder && *holder != agent;
}

bool Dispatch::stands(const scheduler::Offer& offer) {
  return offer.agent ==
         state_.with([&](State& state) { return state.dispatcher.offered(offer.job); });
}

void Dispatch::accepted(JobId job) {
  state_.with([&](State& state) { state.dispatcher.remove_job(job); });
}

void Dispatch::refused(JobId job) {
  accepted(job);
  read_later({job});
}

void Dispatch::changed(const store::FollowUps& follow_ups) {
  state_.with([&](State& state) {
    for (const JobId job : follow_ups.dropped) state.dispatcher.remove_job(job);
  });
  if (!follow_ups.runnable.empty()) read_later(follow_ups.runnable);
  if (follow_ups.queues.empty()) return;
  state_.with([](State& state) { state.pauses_changed = true; });
  work_.wake();
}

void Dispatch::deliver(State& state, const std::optional<scheduler::Offer>& offer) {
  if (!offer) return;
  const auto found = state.pings.find(offer->agent);
  if (found == state.pings.end()) return;
  found->second.offered = offer->job;
  found->second.waiter->wake();
}

void Dispatch::read_later(const std::vector<JobId>& jobs) {
  state_.with(
      [&](State& state) { state.to_read.insert(state.to_read.end(), jobs.begin(), jobs.end()); });
  work_.wake();
}

asio::awaitable<Result<void>> Dispatch::read_pauses() {
  OSTLER_CO_TRY(const auto queues, co_await store_.paused_queues());
  state_.with([&](State& state) {
    const std::set<QueueId> paused(queues.begin(), queues.end());
    for (const auto& offer : state.dispatcher.set_paused(paused, clock_.since_boot())) {
      deliver(state, offer);
    }
  });
  co_return success();
}

/// False when the store could not be read: what was to be read stays noted.
asio::awaitable<bool> Dispatch::read_pending() {
  const bool pauses_changed =
      state_.with([](State& state) { return std::exchange(state.pauses_changed, false); });
  if (pauses_changed) {
    if (const auto read = co_await read_pauses(); !read) {
      diag::warn("cannot read which queues are paused, trying again",
                 {{"error", read.error().message()}});
      state_.with([](State& state) { state.pauses_changed = true; });
      co_return false;
    }
  }
  for (;;) {
    auto jobs = state_.with([](State& state) {
      const std::size_t count = std::min(state.to_read.size(), kMostReadAtOnce);
      const auto begin = state.to_read.end() - static_cast<std::ptrdiff_t>(count);
      std::vector<JobId> some(begin, state.to_read.end());
      state.to_read.erase(begin, state.to_read.end());
      return some;
    });
    if (jobs.empty()) co_return true;
    const auto runnable = co_await store_.runnable_jobs(jobs);
    if (!runnable) {
      diag::warn("cannot read runnable jobs, trying again",
                 {{"jobs", std::to_string(jobs.size())}, {"error", runnable.error().message()}});
      state_.with([&](State& state) {
        state.to_read.insert(state.to_read.end(), jobs.begin(), jobs.end());
      });
      co_return false;
    }
    take_in(runnable.value());
  }
}

void Dispatch::take_in(const std::vector<store::RunnableJob>& jobs) {
  state_.with([&](State& state) {
    for (const auto& job : jobs) {
      deliver(state, state.dispatcher.add_job(waiting_job(job), clock_.since_boot()));
    }
  });
}

/// Moves lapsed offers on; returns how long until the next one lapses.
nanoseconds Dispatch::expire_offers() {
  std::vector<scheduler::Lapse> lapses;
  const nanoseconds left = state_.with([&](State& state) {
    const nanoseconds now = clock_.since_boot();
    lapses = state.dispatcher.expire_offers(now);
    for (const auto& lapse : lapses) {
      if (lapse.next) deliver(state, scheduler::Offer{lapse.offer.job, *lapse.next});
    }
    const auto next = state.dispatcher.next_expiry();
    return next ? std::max(*next - now, nanoseconds::zero()) : kIdle;
  });
  for (const auto& lapse : lapses) log_lapse(lapse);
  return left;
}

void Dispatch::log_lapse(const scheduler::Lapse& lapse) {
  const auto held_back = lines_.take(lapse.offer.agent, "lapse");
  if (!held_back) return;
  diag::notice(lapse.next ? "an agent has not accepted a job in time, another one is offered it"
                          : "an agent has not accepted a job in time, it waits for the next one",
               {{"job", lapse.offer.job.str()},
                {"agent_id", lapse.offer.agent.str()},
                {"next_agent_id", lapse.next ? lapse.next->str() : ""},
                {"held_back", std::to_string(*held_back)}});
}

}  // namespace ostler::hub
