// SPDX-License-Identifier: Apache-2.0
#include "daemon/session.hpp"

#include "agent_client/retry.hpp"
#include "base/uuid.hpp"
#include "daemon/registration.hpp"
#include "diag/log.hpp"
#include "net/until.hpp"

namespace ostler::daemon {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr std::chrono::seconds kHold{30};
/// A server that offers to hold pings and answers sooner has a reason to; asked again at once it
/// would be asked without end.
constexpr nanoseconds kHeldAtLeast = 1s;

nanoseconds scaled(std::chrono::seconds interval, double factor) {
  return std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double>(interval) * factor);
}

/// An action as the protocol writes it.
const char* word_of(wire::PingAction action) {
  switch (action) {
    case wire::PingAction::Idle: return "idle";
    case wire::PingAction::Pause: return "pause";
    case wire::PingAction::Disconnect: return "disconnect";
  }
  return "idle";
}

bool is_refusal(const Error& error) {
  return error.native() >= 400 && error.native() < 500 && error.native() != 429;
}

}  // namespace

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
    : parts_(parts), record_(std::move(record)), heartbeats_(parts.strand) {
  heartbeats_.spawn(run_heartbeats(is_resumed));
}

asio::awaitable<void> Session::run_heartbeats(bool at_once) {
  if (!at_once && !co_await parts_.timers.sleep(record_.heartbeat_interval)) co_return;
  for (;;) {
    const nanoseconds begun = parts_.clock.since_boot();
    const auto beat = co_await parts_.api.heartbeat(peer());
    note_heartbeat(beat);
    if (beat) {
      renew_lease(begun);
    } else if (is_refusal(beat.error())) {
      // What to do about it is decided where the session is used: by its pings and its job.
      diag::warn("the server refuses the session's heartbeats",
                 {{"agent", record_.name}, {"error", beat.error().message()}});
      co_return;
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

asio::awaitable<Offer> Session::next_offer(net::AsyncEvent& stop) {
  if (stop.is_set()) co_return NoMoreWork{};
  co_return co_await net::until(stop, ask_until_offered());
}

asio::awaitable<Offer> Session::ask_until_offered() {
  if (!has_asked_ && !record_.waits) {
    const auto first = scaled(record_.ping_interval, agent_client::jitter());
    if (!co_await parts_.timers.sleep(first)) co_return NoMoreWork{};
  }
  has_asked_ = true;
  for (;;) {
    const nanoseconds asked_at = parts_.clock.since_boot();
    const bool is_held = record_.waits && (!is_leaving_ || is_paused_);
    auto answer = co_await parts_.api.ping(peer(), is_held ? kHold : 0s, is_paused_);
    if (!answer && answer.error().code() == Errc::Cancelled) co_return NoMoreWork{};
    parts_.metrics.ping_sent(parts_.clock.since_boot() - asked_at);
    if (answer) {
      parts_.metrics.ping_answered(word_of(answer.value().action));
      co_await try_endpoint(answer.value());
      adopt_headers(answer.value().request_headers);
      if (auto offer = offer_in(answer.value())) co_return std::move(*offer);
    } else if (is_refusal(answer.error())) {
      co_return SessionRefused{answer.error()};
    } else {
      set_paused(false);
    }
    if (is_leaving_ && !is_paused_) co_return NoMoreWork{};
    if (!answer) parts_.metrics.ping_failed();
    const nanoseconds waits_since = parts_.clock.since_boot();
    if (!co_await pause_between(asked_at, !answer)) co_return NoMoreWork{};
    parts_.metrics.waited_between_pings(parts_.clock.since_boot() - waits_since);
  }
}

/// Waits until the next ping is due; false when the agent stops meanwhile.
asio::awaitable<bool> Session::pause_between(nanoseconds asked_at, bool failed) {
  const bool held = record_.waits && parts_.clock.since_boot() - asked_at >= kHeldAtLeast;
  if (held && !failed) co_return !co_await net::is_cancelled();
  const double factor = record_.waits ? 0.5 + agent_client::jitter() : 2 * agent_client::jitter();
  co_return co_await parts_.timers.sleep(scaled(record_.ping_interval, factor));
}

/// A server that names another endpoint is followed when that one answers a ping; a job is then
/// taken from its answer. Source: agent-api 1.6.
asio::awaitable<void> Session::try_endpoint(wire::PingResponse& answer) {
  if (answer.endpoint.empty() || answer.endpoint == record_.endpoint) co_return;
  agent_client::Peer there = peer();
  there.endpoint = answer.endpoint;
  const auto probe = co_await parts_.api.ping(there, 0s);
  if (!probe) {
    diag::warn("the server named an endpoint that does not answer",
               {{"endpoint", answer.endpoint}, {"error", probe.error().message()}});
    co_return;
  }
  diag::notice("the server named another endpoint", {{"endpoint", answer.endpoint}});
  record_.endpoint = answer.endpoint;
  answer.job_id = probe.value().job_id;
  save();
}

void Session::adopt_headers(const std::optional<wire::StringMap>& headers) {
  if (!headers) return;
  auto kept = kept_headers(*headers);
  if (kept == record_.request_headers) return;
  record_.request_headers = std::move(kept);
  save();
}

std::optional<Offer> Session::offer_in(const wire::PingResponse& answer) {
  if (!answer.message.empty()) diag::info("the server says", {{"message", answer.message}});
  if (answer.action == wire::PingAction::Disconnect) {
    diag::notice("the server asks this agent to disconnect", {{"agent", record_.name}});
    return NoMoreWork{};
  }
  set_paused(answer.action == wire::PingAction::Pause);
  if (is_paused_ || !answer.job_id) return std::nullopt;
  if (is_leaving_) {
    diag::error("the server offers a job to an agent that leaves", {{"job", *answer.job_id}});
    return NoMoreWork{};
  }
  if (is_usable_job_id(*answer.job_id)) return JobOffered{*answer.job_id};
  diag::error("the server offers a job whose id cannot be used", {{"job", *answer.job_id}});
  return std::nullopt;
}

void Session::set_paused(bool paused) {
  if (std::exchange(is_paused_, paused) == paused) return;
  diag::notice(paused ? "paused by the server" : "resumed by the server",
               {{"agent", record_.name}});
  if (!paused) resumed_at_ = parts_.clock.since_boot();
  if (paused) paused_at_ = parts_.clock.now();
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
  heartbeats_.cancel();
  co_await heartbeats_.join();
  const auto gone = co_await parts_.api.disconnect(peer());
  if (!gone) {
    diag::info("could not disconnect",
               {{"agent", record_.name}, {"error", gone.error().message()}});
  }
  co_await forget();
}

asio::awaitable<void> Session::forget() {
  heartbeats_.cancel();
  co_await heartbeats_.join();
  const auto removed = parts_.state.remove_session(record_.key);
  if (!removed) diag::warn("a session stays stored", {{"error", removed.error().message()}});
}

}  // namespace ostler::daemon
