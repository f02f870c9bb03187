// SPDX-License-Identifier: Apache-2.0
// How a session asks for work, by a stream or by polling.
#include "agent_client/retry.hpp"
#include "agent_client/status_error.hpp"
#include "daemon/registration.hpp"
#include "daemon/session.hpp"
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

bool is_held_elsewhere(const Error& error) { return error.native() == wire::kHeldElsewhere; }

}  // namespace

asio::awaitable<Offer> Session::next_offer(net::AsyncEvent& stop) {
  if (stop.is_set()) co_return NoMoreWork{};
  co_return co_await net::until(stop, ask_until_offered());
}

/// Whether this session is to look for a stream at all. By a ping that the server holds open for us
/// a job comes as soon as by a stream, and a busy slot has one connection less.
bool Session::may_stream() const {
  return is_stream_only() || (parts_.config.ping_mode == config::PingMode::Auto && !record_.waits);
}

bool Session::is_stream_only() const {
  return parts_.config.ping_mode == config::PingMode::StreamOnly;
}

/// Whether jobs come by the stream now, and nobody has to poll.
bool Session::has_trusted_stream() const {
  if (!stream_) return false;
  if (is_stream_only()) return true;
  return stream_->is_trusted() && (!is_leaving_ || stream_->has_spoken());
}

asio::awaitable<Offer> Session::ask_until_offered() {
  if (may_stream() && !stream_ && !is_leaving_) stream_.emplace(parts_, record_);
  if (stream_) stream_->open();
  if (!stream_ && is_stream_only()) co_return NoMoreWork{};  // leaves, and was never paused
  for (;;) {
    if (auto offer = take_heard()) co_return std::move(*offer);
    auto offer = has_trusted_stream() ? co_await wait_for_news() : co_await poll();
    if (offer) co_return std::move(*offer);
  }
}

/// What the stream has brought; none when there is nothing to do about it.
std::optional<Offer> Session::take_heard() {
  if (!stream_) return std::nullopt;
  stream_->news().reset();
  while (const auto message = stream_->take()) {
    parts_.metrics.ping_answered(word_of(message->action));
    if (auto offer = offer_in(*message)) return offer;
  }
  return std::nullopt;
}

asio::awaitable<std::optional<Offer>> Session::wait_for_news() {
  if (is_leaving_ && !is_paused_) co_return NoMoreWork{};
  if (const auto& why = stream_->given_up()) co_return without_stream(*why);
  const bool came = co_await stream_->news().wait();
  if (!came && co_await net::is_cancelled()) co_return NoMoreWork{};
  co_return std::nullopt;
}

/// What is left for a session that may not poll.
Offer Session::without_stream(const Error& why) const {
  constexpr int kUnauthorized = 401;
  if (is_held_elsewhere(why)) return held_elsewhere(why);
  const bool worked = stream_->has_spoken() || is_resumed_;
  if (why.native() == kUnauthorized && worked) return SessionRefused{why};
  return SessionFailed{Error(why).with_context(
      "no jobs can be had with --ping-mode stream-only (auto would poll for them)")};
}

/// A server that does not know a session any more gives a new one; one that forbids it does not.
Offer Session::refused(const Error& why) {
  if (why.native() == 401 || why.native() == 404) return SessionRefused{why};
  return SessionFailed{Error(why).with_context("the server gives this agent no jobs")};
}

/// Two agents with one session would run and report the same jobs. The other one was first.
Offer Session::held_elsewhere(const Error& why) const {
  const std::string advice = "another agent holds the sessions of state directory " +
                             parts_.state.path().string() +
                             "; stop that one, or start this one with another --state-path";
  return SessionFailed{Error(why).with_context(advice)};
}

/// One ping and the wait for the next; none when that is to be sent.
asio::awaitable<std::optional<Offer>> Session::poll() {
  if (!std::exchange(has_asked_, true) && !record_.waits) {
    const auto first = scaled(record_.ping_interval, agent_client::jitter());
    if (!co_await wait_to_poll(first)) co_return NoMoreWork{};
    if (has_trusted_stream()) co_return std::nullopt;
  }
  const nanoseconds asked_at = parts_.clock.since_boot();
  const bool is_held = record_.waits && (!is_leaving_ || is_paused_);
  auto answer = co_await parts_.api.ping(peer(), is_held ? kHold : 0s, is_paused_);
  if (!answer && answer.error().code() == Errc::Cancelled) co_return NoMoreWork{};
  parts_.metrics.ping_sent(parts_.clock.since_boot() - asked_at);
  if (answer) {
    parts_.metrics.ping_answered(word_of(answer.value().action));
    co_await try_endpoint(answer.value());
    adopt_headers(answer.value().request_headers);
    if (auto offer = offer_in(answer.value())) co_return offer;
  } else if (is_held_elsewhere(answer.error())) {
    co_return held_elsewhere(answer.error());
  } else if (agent_client::is_refusal(answer.error())) {
    co_return refused(answer.error());
  } else {
    set_paused(false);
  }
  if (is_leaving_ && !is_paused_) co_return NoMoreWork{};
  if (!answer) parts_.metrics.ping_failed();
  const nanoseconds waits_since = parts_.clock.since_boot();
  if (!co_await pause_between(asked_at, !answer)) co_return NoMoreWork{};
  parts_.metrics.waited_between_pings(parts_.clock.since_boot() - waits_since);
  co_return std::nullopt;
}

/// Waits so long, or until the stream works again; false when the agent stops meanwhile.
asio::awaitable<bool> Session::wait_to_poll(nanoseconds duration) {
  if (!stream_) co_return co_await parts_.timers.sleep(duration);
  const bool passed = co_await net::until(stream_->recovered(), parts_.timers.sleep(duration));
  co_return passed || !co_await net::is_cancelled();
}

/// Waits until the next ping is due; false when the agent stops meanwhile.
asio::awaitable<bool> Session::pause_between(nanoseconds asked_at, bool failed) {
  const bool held = record_.waits && parts_.clock.since_boot() - asked_at >= kHeldAtLeast;
  if (held && !failed) co_return !co_await net::is_cancelled();
  const double factor = record_.waits ? 0.5 + agent_client::jitter() : 2 * agent_client::jitter();
  co_return co_await wait_to_poll(scaled(record_.ping_interval, factor));
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
  if (parts_.jobs_in_hand.contains(*answer.job_id)) {
    diag::notice("the server offers a job that another slot has, it stays there",
                 {{"job", *answer.job_id}, {"agent", record_.name}});
    return std::nullopt;
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

}  // namespace ostler::daemon
