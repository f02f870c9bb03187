// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "base/result.hpp"
#include "hub/line_budget.hpp"
#include "hub/waiter.hpp"
#include "scheduler/dispatcher.hpp"
#include "store/store.hpp"

namespace ostler::hub {

/// Brings runnable jobs of the store to the agents that wait in `next_job`. Everything in it is a
/// cache: it is loaded from the store and told by follow-ups what to read again. Thread-safe.
class Dispatch {
 public:
  /// `executor`: where `run` lives. Store, clock and budget outlive this.
  Dispatch(const boost::asio::any_io_executor& executor, store::Store& store, const Clock& clock,
           LineBudget& lines);

  /// Takes in the paused queues and every runnable job of the store. Errors: of the store.
  boost::asio::awaitable<Result<void>> load();

  /// Reads jobs that became runnable and moves offers on whose life is over, until `stop`.
  boost::asio::awaitable<void> run();
  void stop();

  /// What became of a wait for a job.
  struct Turn {
    std::optional<JobId> job = {};
    bool is_superseded = false;  ///< a newer wait of the same agent has its place
  };

  /// The job that `agent` is offered, waiting up to `limit` for one; zero: only what is there now.
  /// Waking `waiter`, which is the caller's, ends the wait, and so does a newer wait of the same
  /// agent.
  /// Cancel: `total` ends the wait; the offer that came meanwhile goes elsewhere.
  boost::asio::awaitable<Turn> next_job(model::Agent agent, std::shared_ptr<Waiter> waiter,
                                        std::chrono::nanoseconds limit);

  /// An offer that did not reach its agent goes elsewhere. Nothing when it does not stand any more.
  void withdraw(const scheduler::Offer& offer);

  /// Whether the job is being offered to somebody else than `agent`.
  bool is_offered_elsewhere(JobId job, AgentId agent);
  /// Whether this offer has neither been accepted nor lapsed.
  bool stands(const scheduler::Offer& offer);
  /// The agent accepted the job.
  void accepted(JobId job);
  /// The agent was refused the job: whether others can have it is read from the store.
  void refused(JobId job);

  void changed(const store::FollowUps& follow_ups);

 private:
  struct WaitingPing {
    std::shared_ptr<Waiter> waiter;
    std::optional<JobId> offered;
  };
  struct State {
    scheduler::Dispatcher dispatcher;
    std::unordered_map<AgentId, WaitingPing> pings;
    std::vector<JobId> to_read;
    bool pauses_changed = false;
  };

  static void deliver(State& state, const std::optional<scheduler::Offer>& offer);
  Turn end_wait(AgentId agent, const std::shared_ptr<Waiter>& waiter, bool cancelled);
  void read_later(const std::vector<JobId>& jobs);
  boost::asio::awaitable<bool> read_pending();
  boost::asio::awaitable<Result<void>> read_pauses();
  void take_in(const std::vector<store::RunnableJob>& jobs);
  std::chrono::nanoseconds expire_offers();
  void log_lapse(const scheduler::Lapse& lapse);

  store::Store& store_;
  const Clock& clock_;
  LineBudget& lines_;
  Waiter work_;
  Guarded<State> state_;
  std::atomic<bool> stopping_ = false;
};

}  // namespace ostler::hub
