// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "daemon/agent_parts.hpp"
#include "daemon/agent_steering.hpp"
#include "daemon/records.hpp"
#include "daemon/stream_listener.hpp"
#include "net/async_event.hpp"
#include "net/task_group.hpp"

namespace ostler::daemon {

/// What a session's question for work came to.
struct JobOffered {
  std::string job;
};
struct NoMoreWork {};    ///< the agent stops, or the server told this session to disconnect
struct SessionRefused {  ///< the server does not know this session (any more)
  Error error;
};
struct SessionFailed {  ///< no session can be had in this way: the agent ends
  Error error;
};
using Offer = std::variant<JobOffered, NoMoreWork, SessionRefused, SessionFailed>;

/// Who must know how long a job may run.
class LeaseHolder {
 public:
  virtual ~LeaseHolder() = default;
  /// `until` is a point of CLOCK_BOOTTIME.
  virtual void renew_lease(std::chrono::nanoseconds until) = 0;
};

/// One registration with the server: its record, its heartbeats, and how it asks for work. That is
/// the server's stream of pings, or polling while the stream is broken or where there is none.
/// Runs on: the agent's strand.
class Session {
 public:
  /// Registers (under `name`, if it is not empty), stores the session, connects. Tries again as
  /// long as the server cannot be reached if `persistent`, else as often as the reference says.
  /// Errors: Denied when the token is refused; others of AgentApi; Cancelled once `stop` happened.
  static boost::asio::awaitable<Result<std::unique_ptr<Session>>> open(AgentParts& parts, int slot,
                                                                       std::string name,
                                                                       bool persistent,
                                                                       net::AsyncEvent& stop);
  /// Goes on with a stored session, heartbeat first.
  static std::unique_ptr<Session> resume(AgentParts& parts, SessionRecord record);

  /// Requires: close() or abandon() was awaited.
  ~Session() = default;

  const SessionRecord& record() const { return record_; }
  agent_client::Peer peer() const { return record_.peer(); }

  /// Asks for work until there is some. Answers NoMoreWork when `stop` happens. A stream that it
  /// opened stays open afterwards, so that the next job is offered at once.
  boost::asio::awaitable<Offer> next_offer(net::AsyncEvent& stop);
  /// Wants no work until next_offer is called again.
  void rest() {
    if (stream_) stream_->close();
  }

  /// From now on the first answer that does not pause the session ends it, whatever is offered:
  /// next_offer is NoMoreWork.
  void leave() { is_leaving_ = true; }
  /// Whether the server gives this session no jobs for now.
  bool is_paused() const { return is_paused_; }
  /// When the server last resumed the session; zero: never.
  std::chrono::nanoseconds resumed_at() const { return resumed_at_; }
  /// When the server last paused it.
  Timestamp paused_at() const { return paused_at_; }
  const HeartbeatRecord& heartbeat() const { return heartbeat_; }

  /// Stores that this session has (or was offered) that job, before anything is done about it;
  /// empty: none any more.
  Result<void> assign(std::string job);
  /// Tells `holder` about every lease from now on; null: nobody.
  void hold_lease(LeaseHolder* holder);
  /// Counts the server's answer to a call begun at `begun` as a sign that the lease is renewed.
  void renew_lease(std::chrono::nanoseconds begun);

  /// Ends heartbeats, disconnects and forgets the session.
  boost::asio::awaitable<void> close();
  /// The same without telling the server, which does not know the session.
  boost::asio::awaitable<void> forget();

 private:
  Session(AgentParts& parts, SessionRecord record, bool is_resumed);
  boost::asio::awaitable<void> run_heartbeats(bool at_once);
  boost::asio::awaitable<Offer> ask_until_offered();
  bool may_stream() const;
  bool is_stream_only() const;
  bool has_trusted_stream() const;
  std::optional<Offer> take_heard();
  boost::asio::awaitable<std::optional<Offer>> wait_for_news();
  Offer without_stream(const Error& why) const;
  static Offer refused(const Error& why);
  Offer held_elsewhere(const Error& why) const;
  boost::asio::awaitable<std::optional<Offer>> poll();
  boost::asio::awaitable<bool> wait_to_poll(std::chrono::nanoseconds duration);
  boost::asio::awaitable<bool> pause_between(std::chrono::nanoseconds asked_at, bool failed);
  boost::asio::awaitable<void> try_endpoint(wire::PingResponse& answer);
  void adopt_headers(const std::optional<wire::StringMap>& headers);
  std::optional<Offer> offer_in(const wire::PingResponse& answer);
  void set_paused(bool paused);
  void note_heartbeat(const Result<wire::HeartbeatResponse>& beat);
  void save();
  boost::asio::awaitable<void> fall_silent();

  AgentParts& parts_;
  SessionRecord record_;
  LeaseHolder* lease_holder_ = nullptr;
  std::chrono::nanoseconds lease_until_{0};
  bool is_resumed_;
  std::optional<StreamListener> stream_;  ///< none: it polls
  bool has_asked_ = false;
  bool is_paused_ = false;
  bool is_leaving_ = false;
  std::chrono::nanoseconds resumed_at_{0};
  Timestamp paused_at_;
  HeartbeatRecord heartbeat_;
  net::TaskGroup heartbeats_;
};

}  // namespace ostler::daemon
