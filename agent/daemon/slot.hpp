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
  void stop() { stop_.set(); }
  /// No more jobs, and those that run are cancelled.
  void stop_now();

  /// Since when the slot has waited for a job; none while it has one.
  std::optional<std::chrono::nanoseconds> idle_since() const { return idle_since_; }

 private:
  /// A job with the session that carries it.
  struct Carried {
    std::unique_ptr<Session> session;  ///< null: lost
    std::unique_ptr<JobRun> run;
  };

  boost::asio::awaitable<void> run_adopted();
  boost::asio::awaitable<Result<void>> take_jobs();
  boost::asio::awaitable<Result<void>> need_session();
  boost::asio::awaitable<void> run_job(std::string job);
  boost::asio::awaitable<void> settle(Carried& carried);
  void drop(const Carried& carried);
  boost::asio::awaitable<void> see_delivered(Carried& carried);
  boost::asio::awaitable<void> wait_for_room();
  Carried& carry(std::unique_ptr<Session> session, std::string job, JobRun::Origin origin);

  AgentParts& parts_;
  int number_;
  std::string name_;  ///< of the first session: later ones have the same
  net::AsyncEvent stop_;
  std::vector<SessionRecord> adopted_;
  std::vector<std::string> orphans_;
  std::unique_ptr<Session> session_;  ///< the idle one
  std::list<Carried> carried_;        ///< jobs that run or are being delivered
  net::AsyncEvent delivered_;         ///< whenever one of them has gone
  std::optional<std::chrono::nanoseconds> idle_since_;
  bool is_forced_ = false;
  net::TaskGroup tasks_;
};

}  // namespace ostler::daemon
