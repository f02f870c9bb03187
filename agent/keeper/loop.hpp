// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/unique_fd.hpp"
#include "keeper/agent_links.hpp"
#include "keeper/api_relay.hpp"
#include "keeper/cancel_plan.hpp"
#include "keeper/ending.hpp"
#include "keeper/options.hpp"
#include "keeper/recorder.hpp"
#include "keeper/wake_timer.hpp"
#include "keeper/worker_link.hpp"
#include "process/cgroup.hpp"

namespace ostler::keeper {

/// What a keeper works with, made before its loop begins.
struct Parts {
  Options options;
  Recorder recorder;
  std::optional<process::Cgroup> group;
  WorkerLink worker;
  UniqueFd signals;  ///< signalfd of SIGCHLD and SIGTERM
  WakeTimer timer;
  UniqueFd listening;
};

/// One job from Hello to verdict.
///
///   Waiting --Job--> Running --Report, worker's death, cancel's end, full disk--> Finishing
///      \--Abandon, or the agent is gone--> abandoned
class Loop final : private AgentLinks::Listener {
 public:
  Loop(Parts parts, const Clock& clock);

  /// Serves until the verdict is written or the job is abandoned. `agent` is the connection of the
  /// agent that started us. Errors: those of the journal; then no process of the job is left.
  Result<void> run(UniqueFd agent);

 private:
  void on_agent() override;
  Result<void> on_message(const supervise::Frame& frame) override;
  Result<void> on_job(const supervise::Frame& frame);
  Result<void> on_cancel(const supervise::Cancel& cancel);
  Result<void> on_lease(const supervise::Lease& lease);
  Result<void> on_reply(const supervise::Frame& frame);

  Result<void> serve_until_end();
  void wait_for_events();
  std::optional<BootTime> next_deadline() const;
  void serve_signals();
  void reap();
  Result<void> serve_worker();
  Result<void> take_worker_frames();
  Result<void> on_worker_frame(const supervise::Frame& frame);
  Result<void> on_request(const supervise::Frame& frame);
  Result<void> on_started();
  Result<void> on_report(const supervise::Frame& frame);
  void acknowledge_start();
  Result<void> advance();
  void advance_cancel(BootTime now);
  void advance_lease(BootTime now);
  void wake_agent();
  bool is_over() const;

  Result<void> conclude();
  std::vector<pid_t> kill_tree();
  Result<void> end_tree();
  Result<void> drain_worker();
  void abandon();
  std::string notice_for(const journal::Verdict& verdict) const;

  Options options_;
  const Clock* clock_;
  Recorder recorder_;
  std::optional<process::Cgroup> group_;
  WorkerLink worker_;
  UniqueFd signals_;
  WakeTimer timer_;
  AgentLinks agents_;
  ApiRelay relay_;
  CancelPlan cancel_;
  std::optional<supervise::Lease> lease_;
  std::optional<std::uint64_t> notify_above_;  ///< records, of the Notify that waits
  std::optional<BootTime> worker_gone_by_;     ///< it closed its socket and must end
  std::vector<pollfd> fds_;
  Ending ending_;
  std::uint64_t oom_kills_before_ = 0;
  supervise::KeeperState state_ = supervise::KeeperState::Waiting;
  bool is_abandoned_ = false;
  bool gave_up_ = false;  ///< the worker did not report after Kill
  bool owes_started_ack_ = false;
};

}  // namespace ostler::keeper
