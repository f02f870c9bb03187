// SPDX-License-Identifier: Apache-2.0
// What a box may take: time, memory, a grace after a cancel.
#include <signal.h>
#include <time.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "plugin_host/box_run_state.hpp"

namespace ostler::plugin_host {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds kEndLast{5};  // for a box that says it is over, to be so
constexpr std::chrono::seconds kBetweenLooks{1};

}  // namespace

std::int64_t ticks_now() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

void BoxRun::State::spawn_limits() {
  tasks.spawn(kill_in_time());
  tasks.spawn(kill_unready());
  tasks.spawn(kill_lingering());
  tasks.spawn(cut_off_destroy());
  tasks.spawn(look_often());
}

/// A plugin that hangs in a constructor hangs before it can be told of a cancel.
asio::awaitable<void> BoxRun::State::kill_unready() {
  asio::steady_timer timer(executor, spec.ready_within);
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  const bool is_mapped = stage == Stage::Running;
  if (stage == Stage::Over || (is_mapped && !spec.only_look) || ended.is_set()) co_return;
  kill("it was not ready " + std::to_string(spec.ready_within.count()) +
       " s after its start and was killed; look at what " +
       (is_mapped ? "create() and destroy() do" : "its constructors of statics do"));
}

asio::awaitable<void> BoxRun::State::look_often() {
  asio::steady_timer timer(executor);
  while (!ended.is_set()) {
    timer.expires_after(kBetweenLooks);
    const auto [ec] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (ec) co_return;
    meter->look();
  }
}

/// Its word alone ends no process: a plugin can write to the socket as well.
asio::awaitable<void> BoxRun::State::kill_lingering() {
  if (!co_await over.wait()) co_return;
  asio::steady_timer timer(executor, kEndLast);
  const auto [ec] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  if (ec || ended.is_set()) co_return;
  if (evidence.killed_for.empty()) {
    evidence.killed_for =
        "it said that it was over, but its process did not end and was killed; "
        "look for what it starts besides run()";
  }
  child->signal_group(SIGKILL);
}

/// What the run has come to stands: its work is done.
asio::awaitable<void> BoxRun::State::cut_off_destroy() {
  if (!co_await has_returned.wait()) co_return;
  asio::steady_timer timer(executor, spec.destroyed_within);
  const auto [ec] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  if (ec || stage == Stage::Over || ended.is_set()) co_return;
  cut_off("took longer than " + std::to_string(spec.destroyed_within.count()) + " s");
}

void BoxRun::State::cut_off(const std::string& why) {
  log.message(Severity::Warning, "destroy() of " + spec.code.front().name + " " + why +
                                     " and was cut off; how the step has ended stands");
  evidence.is_cut_off = true;
  meter->look();
  conclude(std::move(returned));
  child->signal_group(SIGKILL);
}

asio::awaitable<void> BoxRun::State::kill_in_time() {
  while (!ended.is_set()) {
    if (deadline && *deadline <= ticks_now()) {
      const bool is_in_destroy = has_returned.is_set() && stage != Stage::Over;
      if (is_in_destroy) co_return cut_off("did not end within the grace of the cancel");
      co_return kill("it did not stop in time after the cancel and was killed");
    }
    deadline_moved.reset();
    co_await deadline_moved.wait(deadline ? std::chrono::nanoseconds(*deadline - ticks_now())
                                          : std::chrono::steady_clock::duration::max());
  }
}

}  // namespace ostler::plugin_host
