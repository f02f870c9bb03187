// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/agent_parts.hpp"
#include "daemon/keeper_link.hpp"
#include "daemon/records.hpp"
#include "daemon/session.hpp"
#include "net/async_event.hpp"
#include "net/task_group.hpp"
#include "uplink/shipment.hpp"

namespace ostler::daemon {

/// One job as this agent sees it: its keeper, its reports, its cancel.
///
///   offered --accept--> running --keeper done--> freed --finish acknowledged--> over
///      |                                           ^
///      +--refused: over       adopted: enters at running, freed, or (never begun) offered
///
/// Runs on: the agent's strand.
class JobRun final : private LeaseHolder,
                     private KeeperLink::Listener,
                     private uplink::GrowthSource {
 public:
  /// Where a job comes from.
  enum class Origin {
    Offered,   ///< by the server, just now
    Acquired,  ///< asked for by its id
    Adopted,   ///< found in the state directory
  };

  /// `session` outlives the run; null when the job's session is lost.
  JobRun(AgentParts& parts, Session* session, std::string job);
  /// Requires: run() has ended.
  ~JobRun() override;

  /// Lives the job through to the acknowledged finish and removes what it left. Call once.
  boost::asio::awaitable<void> run(Origin origin);

  /// Happens when no process of the job is left and its journal is whole: delivery needs no slot.
  net::AsyncEvent& freed() { return freed_; }
  /// Happens when nothing of the job is left to do.
  net::AsyncEvent& over() { return over_; }
  /// Whether the server let this agent run it.
  bool was_accepted() const { return shipment_ != nullptr; }
  const std::string& job() const { return job_; }
  /// Whether a process of the job may be left.
  bool holds_slot() const { return !freed_.is_set(); }
  /// Why the server did not let this agent run it.
  std::optional<Error> refusal() const;
  /// What the server was told that the job ended with; none before its verdict is known.
  std::optional<int> exit_status() const;

  /// Asks no longer for a job that is to be acquired and is not to be had yet.
  void stop_asking() { stop_asking_.set(); }

  /// Ends the job's processes. The first reason counts.
  void cancel(supervise::CancelReason reason);

 private:
  boost::asio::awaitable<bool> begin(Origin origin);
  boost::asio::awaitable<bool> begin_new(Origin origin);
  boost::asio::awaitable<void> begin_keeper();
  boost::asio::awaitable<bool> begin_adopted();
  boost::asio::awaitable<bool> accept_and_hand_over();
  boost::asio::awaitable<void> ask_to_accept(Origin origin);
  Origin origin_of_new() const;
  boost::asio::awaitable<void> hand_over(wire::Job job);
  boost::asio::awaitable<void> abandon();
  boost::asio::awaitable<bool> join_keeper();

  boost::asio::awaitable<void> follow_keeper();
  boost::asio::awaitable<void> reap_retired();
  boost::asio::awaitable<void> conclude();
  boost::asio::awaitable<void> sync_when_late();
  boost::asio::awaitable<void> watch_state();
  boost::asio::awaitable<void> watch_lease();
  boost::asio::awaitable<void> send_cancel(supervise::Cancel cancel);
  boost::asio::awaitable<void> send_lease(supervise::Lease lease);
  boost::asio::awaitable<void> send_notify(std::uint64_t records);
  boost::asio::awaitable<void> answer(supervise::ApiRequest request);
  boost::asio::awaitable<void> finish_up();
  boost::asio::awaitable<void> end_tasks();

  void renew_lease(std::chrono::nanoseconds until) override;
  void on_wake() override;
  void on_api_request(supervise::ApiRequest request) override;
  void ask(std::uint64_t records) override;

  bool judge_state(const Result<wire::JobState>& state);
  void let_go();
  bool start_keeper();
  void retire_keeper();
  void store_record(const agent_client::Accepted& accepted);
  bool open_shipment();
  bool has_never_begun() const;
  bool keeper_lives() const;
  KeeperPlace place() const;
  std::filesystem::path directory() const;
  void remove_leftovers();

  AgentParts& parts_;
  bool is_first_ = false;  ///< no other run of this agent has the job
  Session* session_;
  std::string job_;
  JobRecord record_;
  std::unique_ptr<KeeperLink> keeper_;
  std::vector<std::unique_ptr<KeeperLink>> retired_;
  std::optional<supervise::Welcome> welcome_;
  std::optional<Result<agent_client::Accepted>> accepted_;
  net::AsyncEvent accept_over_;
  net::AsyncEvent stop_asking_;
  std::unique_ptr<uplink::Shipment> shipment_;
  std::optional<supervise::Cancel> cancel_;
  std::optional<supervise::Lease> lease_;
  bool is_handed_over_ = false;  ///< the keeper has the job: leases and cancels can be sent
  net::AsyncEvent freed_;
  net::AsyncEvent over_;
  net::AsyncEvent reported_;  ///< the shipment has ended
  net::TaskGroup watches_;    ///< of use only while processes of the job live
  net::TaskGroup tasks_;
};

}  // namespace ostler::daemon
