// SPDX-License-Identifier: Apache-2.0
#include "daemon/slots.hpp"

#include <unistd.h>

#include "diag/log.hpp"

namespace ostler::daemon {

namespace asio = boost::asio;
using namespace std::chrono_literals;

Slots::Slots(AgentParts& parts)
    : parts_(parts), locks_(parts), tasks_(parts.strand), watches_(parts.strand) {
  for (int number = 1; number <= parts.config.spawn; ++number) {
    slots_.push_back(std::make_unique<Slot>(parts, number));
  }
  hold(parts.state.is_paused());
  if (!is_paused_) return;
  diag::notice("paused since an earlier start; \"ostler agent resume\" lets it take jobs");
}

asio::awaitable<void> Slots::run() {
  const auto patience =
      parts_.config.cancel_signal_timeout + parts_.config.cancel_cleanup_timeout + 1s;
  watches_.spawn(serve_signals(*this, patience));
  watches_.spawn(locks_.run());
  if (parts_.config.disconnect_after_idle_timeout.count() > 0) watches_.spawn(stop_when_idle());
  if (parts_.config.disconnect_after_uptime.count() > 0) watches_.spawn(leave_in_time());
  for (auto& slot : slots_) tasks_.spawn(run_one(*slot));
  co_await tasks_.join();
  watches_.cancel();
  co_await watches_.join();
}

asio::awaitable<void> Slots::run_one(Slot& slot) {
  parts_.metrics.worker_started();
  const auto ended = co_await slot.run();
  parts_.metrics.worker_ended();
  if (ended) co_return;
  if (!failure_) failure_ = ended.error();
  stop();
}

asio::awaitable<void> Slots::stop_when_idle() {
  while (co_await parts_.timers.sleep(1s)) {
    if (!is_idle_long_enough()) continue;
    diag::notice("idle for long enough, stopping");
    co_return stop();
  }
}

asio::awaitable<void> Slots::leave_in_time() {
  if (!co_await parts_.timers.sleep(parts_.config.disconnect_after_uptime)) co_return;
  diag::notice("up for long enough, stopping");
  for (auto& slot : slots_) slot->leave();
}

bool Slots::is_idle_long_enough() const {
  const auto now = parts_.clock.since_boot();
  for (const auto& slot : slots_) {
    if (slot->is_over()) continue;
    const auto since = slot->idle_since();
    if (!since || now - *since < parts_.config.disconnect_after_idle_timeout) return false;
  }
  return true;
}

void Slots::stop() {
  for (auto& slot : slots_) slot->stop();
}

void Slots::stop_now() {
  for (auto& slot : slots_) slot->stop_now();
}

void Slots::hold(bool held) {
  is_paused_ = held;
  for (auto& slot : slots_) slot->hold(held);
}

Result<void> Slots::pause() {
  OSTLER_TRY(parts_.state.set_paused(true));
  if (!is_paused_) diag::notice("paused on this machine: no new jobs, running ones go on");
  hold(true);
  return success();
}

Result<void> Slots::resume() {
  OSTLER_TRY(parts_.state.set_paused(false));
  if (is_paused_) diag::notice("resumed on this machine");
  hold(false);
  return success();
}

wire::LocalAgent Slots::status() const {
  wire::LocalAgent agent{.pid = ::getpid(), .is_paused = is_paused_, .slots = {}};
  for (const auto& slot : slots_) agent.slots.push_back(slot->status().shown);
  return agent;
}

std::optional<HeartbeatRecord> Slots::heartbeat_of(int number) const {
  const auto index = static_cast<std::size_t>(number - 1);
  if (number < 1 || index >= slots_.size()) return std::nullopt;
  return slots_[index]->status().heartbeat;
}

}  // namespace ostler::daemon
