// SPDX-License-Identifier: Apache-2.0
#include "daemon/stream_listener.hpp"

#include <algorithm>

#include "agent_client/retry.hpp"
#include "diag/log.hpp"

namespace ostler::daemon {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;

/// A server has one job at a time for a session; more than so many are nonsense.
constexpr std::size_t kMostJobs = 16;

/// Connections that bring no message are made ever more rarely, one in each window.
nanoseconds window_after(int attempts) { return 1s * (1 << std::min(attempts, 6)); }

nanoseconds some_part_of(nanoseconds window) {
  return std::chrono::duration_cast<nanoseconds>(window * agent_client::jitter());
}

}  // namespace

StreamListener::StreamListener(AgentParts& parts, const SessionRecord& record)
    : parts_(parts),
      record_(record),
      news_(parts.strand),
      recovered_(parts.strand),
      tasks_(parts.strand) {}

void StreamListener::open() {
  taken_.clear();
  if (is_open_ || given_up_) return;
  is_open_ = true;
  tasks_.spawn(keep_open(++opening_));
}

void StreamListener::close() {
  if (!std::exchange(is_open_, false)) return;
  ++opening_;
  tasks_.cancel();
  jobs_.clear();
}

/// A server that holds pings for us has no use for agents that spread their calls.
asio::awaitable<void> StreamListener::keep_open(int opening) {
  for (;;) {
    const nanoseconds begun = parts_.clock.since_boot();
    const nanoseconds window = window_after(attempts_);
    const bool is_prompt = record_.waits && attempts_ == 0;
    if (!is_prompt && !co_await parts_.timers.sleep(some_part_of(window))) co_return;
    if (!co_await listen_once(opening)) co_return;
    const nanoseconds left = window - (parts_.clock.since_boot() - begun);
    if (left > 0ns && !co_await parts_.timers.sleep(left)) co_return;
  }
}

/// One stream from its beginning to its end; whether there is to be another.
asio::awaitable<bool> StreamListener::listen_once(int opening) {
  if (opening != opening_ || co_await net::is_cancelled()) co_return false;
  ++attempts_;
  const auto ended = co_await parts_.api.stream_pings(record_.peer(), record_.agent_id,
                                                      [this, opening](wire::PingResponse message) {
                                                        if (opening == opening_)
                                                          hear(std::move(message));
                                                      });
  if (opening != opening_ || co_await net::is_cancelled()) co_return false;
  note_end(ended);
  co_return !given_up_;
}

void StreamListener::hear(wire::PingResponse message) {
  note_message();
  is_paused_ = message.action == wire::PingAction::Pause;
  if (message.job_id) {
    const std::string& job = *message.job_id;
    const bool is_known = job == taken_ || std::ranges::find(jobs_, job) != jobs_.end();
    if (!is_known && jobs_.size() < kMostJobs) jobs_.push_back(job);
    if (action_ && action_->action == wire::PingAction::Pause) action_.reset();
  } else if (!action_ || action_->action != wire::PingAction::Disconnect) {
    action_ = std::move(message);
  }
  news_.set();
}

std::optional<wire::PingResponse> StreamListener::take() {
  if (action_) return std::exchange(action_, std::nullopt);
  if (is_paused_ || jobs_.empty()) return std::nullopt;
  taken_ = std::move(jobs_.front());
  jobs_.pop_front();
  return wire::PingResponse{.job_id = taken_};
}

bool StreamListener::polls() const {
  return parts_.config.ping_mode != config::PingMode::StreamOnly;
}

void StreamListener::note_message() {
  attempts_ = 0;
  const bool is_first = !std::exchange(has_spoken_, true);
  const bool was_broken = std::exchange(health_, Health::Trusted) != Health::Trusted;
  if (was_broken) {
    recovered_.set();
    diag::notice(polls() ? "the server's stream of pings works again, jobs come by it, not by polls"
                         : "the server's stream of pings works again, jobs come by it",
                 {{"agent", record_.name}});
  } else if (is_first) {
    diag::notice("jobs come by the server's stream of pings", {{"agent", record_.name}});
  }
}

void StreamListener::note_end(const Result<void>& ended) {
  if (ended) return;
  const Error& error = ended.error();
  if (!error.retryable()) {
    health_ = Health::GivenUp;
    given_up_ = error;
    is_open_ = false;
    recovered_.reset();
    if (polls()) {
      diag::notice("the server has no stream of pings for this agent, polling for jobs from now on",
                   {{"agent", record_.name}, {"error", error.message()}});
    }
  } else if (std::exchange(health_, Health::Broken) == Health::Trusted) {
    recovered_.reset();
    diag::warn(polls() ? "the server's stream of pings broke, polling for jobs until it works again"
                       : "the server's stream of pings broke, no jobs until it works again",
               {{"agent", record_.name}, {"error", error.message()}});
  }
  news_.set();
}

}  // namespace ostler::daemon
