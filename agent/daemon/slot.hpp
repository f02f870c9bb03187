// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/agent_parts.hpp"
#include "daemon/job_run.hpp"
#include "daemon/session.hpp"
#include "net/async_event.hpp"
#include "net/task_group.hpp"

namespace ostler::daemon {

/// One place where a job can run. Takes one job after another; a job that has freed the slot but is
/// not delivered goes on beside it, with its session, while the slot registers another.
/// Runs on: the agent's strand.
class Slot {
 public:
  Slot(AgentParts& parts, int number);

  /// Takes over what an earlier agent left, before run().
  void adopt(SessionRecord session);
  /// The same for a job whose session is lost.
  void adopt_orphan(std::string job);

  /// Takes jobs until stop(), then delivers what is left. Call once.
  /// Errors: why the first registration was refused; later ones end the slot as well.
  boost::asio::awaitable<Result<void>> run();

  /// No more jobs; those that run go on to their end.
  void stop();
  /// No more jobs, and those that run are cancelled.
  void stop_now();
  /// Ends the slot once it has no job, and the server does not hold it paused.
  void leave();

  /// Takes no jobs while it is held.
  void hold(bool held);
  SlotStatus status() const;

  /// Since when the slot has waited for a job; none while it has one, or is paused.
  std::optional<std::chrono::nanoseconds> idle_since() const;
  /// Whether run() has ended.
  bool is_over() const { return is_over_; }
  /// What came of the job that was to be acquired; both empty: nothing yet.
  struct Acquisition {
    std::optional<Error> refusal;
    std::optional<int> exit_status;
  };
  const Acquisition& acquisition() const { return acquisition_; }

 private:
  /// A job with the session that carries it.
  struct Carried {
    std::unique_ptr<Session> session;  ///< null: lost
    std::unique_ptr<JobRun> run;
    Timestamp begun_at;
  };

  boost::asio::awaitable<void> run_adopted();
  boost::asio::awaitable<Result<void>> take_jobs();
  boost::asio::awaitable<Result<void>> need_session();
  boost::asio::awaitable<void> replace_session(Error refused);
  boost::asio::awaitable<Offer> wait_for_offer();
  boost::asio::awaitable<void> run_job(std::string job, JobRun::Origin origin);
  boost::asio::awaitable<void> wait_while_held();
  void note_end(const JobRun& run);
  boost::asio::awaitable<void> settle(Carried& carried);
  void drop(const Carried& carried);
  boost::asio::awaitable<void> see_delivered(Carried& carried);
  boost::asio::awaitable<void> wait_for_room();
  Carried& carry(std::unique_ptr<Session> session, std::string job, JobRun::Origin origin);

  AgentParts& parts_;
  int number_;
  std::string name_;  ///< of the first session: later ones have the same
  net::AsyncEvent stop_;
  net::AsyncEvent interrupt_;  ///< ends a wait for an offer, so that the slot looks around
  std::vector<SessionRecord> adopted_;
  std::vector<std::string> orphans_;
  std::unique_ptr<Session> session_;           ///< the idle one
  std::chrono::nanoseconds registered_at_{0};  ///< since boot; zero: not by this agent
  std::list<Carried> carried_;                 ///< jobs that run or are being delivered
  net::AsyncEvent delivered_;                  ///< whenever one of them has gone
  std::optional<std::chrono::nanoseconds> idle_since_;
  Acquisition acquisition_;
  bool has_asked_to_acquire_ = false;
  bool is_leaving_ = false;
  bool is_held_ = false;
  Timestamp held_at_;
  std::optional<Timestamp> idle_at_;
  bool is_forced_ = false;
  bool is_over_ = false;
  net::TaskGroup tasks_;
};

}  // namespace ostler::daemon
