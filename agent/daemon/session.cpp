// SPDX-License-Identifier: Apache-2.0
#include "daemon/session.hpp"

#include "agent_client/status_error.hpp"
#include "daemon/registration.hpp"
#include "diag/log.hpp"
#include "net/until.hpp"

namespace ostler::daemon {

namespace asio = boost::asio;
using std::chrono::nanoseconds;

asio::awaitable<Result<std::unique_ptr<Session>>> Session::open(AgentParts& parts, int slot,
                                                                std::string name, bool persistent,
                                                                net::AsyncEvent& stop) {
  OSTLER_CO_TRY(auto record, co_await net::until(
                                 stop, register_session(parts, slot, std::move(name), persistent)));
  diag::info("registered", {{"agent", record.name}, {"agent_id", record.agent_id}});
  co_return std::unique_ptr<Session>(new Session(parts, std::move(record), false));
}

std::unique_ptr<Session> Session::resume(AgentParts& parts, SessionRecord record) {
  return std::unique_ptr<Session>(new Session(parts, std::move(record), true));
}

Session::Session(AgentParts& parts, SessionRecord record, bool is_resumed)
    : parts_(parts),
      record_(std::move(record)),
      is_resumed_(is_resumed),
      heartbeats_(parts.strand) {
  heartbeats_.spawn(run_heartbeats(is_resumed));
}

asio::awaitable<void> Session::run_heartbeats(bool at_once) {
  if (!at_once && !co_await parts_.timers.sleep(record_.heartbeat_interval)) co_return;
  for (bool is_refused = false;;) {
    const nanoseconds begun = parts_.clock.since_boot();
    const auto beat = co_await parts_.api.heartbeat(peer());
    note_heartbeat(beat);
    if (beat) {
      renew_lease(begun);
      if (std::exchange(is_refused, false)) {
        diag::notice("the server takes heartbeats again", {{"agent", record_.name}});
      }
    } else if (agent_client::is_refusal(beat.error()) && !std::exchange(is_refused, true)) {
      // What to do about it is decided where the session is used: by its pings and its job. An
      // error page of somebody in between must not end a session that lives.
      diag::warn("the server refuses a heartbeat, the next ones are sent all the same",
                 {{"agent", record_.name}, {"error", beat.error().message()}});
    }
    if (!co_await parts_.timers.sleep(record_.heartbeat_interval)) co_return;
  }
}

void Session::renew_lease(nanoseconds begun) {
  lease_until_ = begun + record_.lease;
  if (lease_holder_ != nullptr) lease_holder_->renew_lease(lease_until_);
}

void Session::hold_lease(LeaseHolder* holder) {
  lease_holder_ = holder;
  if (holder != nullptr && lease_until_.count() > 0) holder->renew_lease(lease_until_);
}

void Session::note_heartbeat(const Result<wire::HeartbeatResponse>& beat) {
  if (beat) {
    heartbeat_ = {.succeeded_at = parts_.clock.now(), .failed_at = {}, .failure = {}};
  } else if (beat.error().code() != Errc::Cancelled) {
    if (!heartbeat_.failed_at) heartbeat_.failed_at = parts_.clock.now();
    heartbeat_.failure = beat.error().message();
  }
}

Result<void> Session::assign(std::string job) {
  record_.job = std::move(job);
  return parts_.state.assign(record_.key, record_.job);
}

void Session::save() {
  const auto saved = parts_.state.save(record_);
  if (!saved) diag::warn("a session cannot be stored", {{"error", saved.error().message()}});
}

asio::awaitable<void> Session::close() {
  co_await fall_silent();
  const auto gone = co_await parts_.api.disconnect(peer());
  if (!gone) {
    diag::info("could not disconnect",
               {{"agent", record_.name}, {"error", gone.error().message()}});
  }
  co_await forget();
}

/// Ends what the session does by itself.
asio::awaitable<void> Session::fall_silent() {
  heartbeats_.cancel();
  rest();
  co_await heartbeats_.join();
  if (stream_) co_await stream_->join();
}

asio::awaitable<void> Session::forget() {
  co_await fall_silent();
  const auto removed = parts_.state.remove_session(record_.key);
  if (!removed) diag::warn("a session stays stored", {{"error", removed.error().message()}});
}

}  // namespace ostler::daemon
