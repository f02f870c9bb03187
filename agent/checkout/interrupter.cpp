// SPDX-License-Identifier: Apache-2.0
#include "checkout/interrupter.hpp"

#include <signal.h>
#include <unistd.h>

#include <ctime>
#include <initializer_list>

namespace ostler::checkout {
namespace {

// Interrupts system calls of the worker thread; its handler does nothing. To the watching thread,
// which has it blocked and waits for it, it says that the work is over: a checkout of a few
// milliseconds is not to wait for the tick.
constexpr int kPress = SIGUSR2;
constexpr std::chrono::milliseconds kTick{50};
// How long the work may go on after it was told to stop. A checkout that is writing files cannot
// be stopped through libgit2; whatever it leaves, the next one copes with.
constexpr std::chrono::milliseconds kGrace{500};

sigset_t set_of(std::initializer_list<int> numbers) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : numbers) sigaddset(&signals, number);
  return signals;
}

sigset_t watched_signals() { return set_of({SIGTERM, SIGINT, SIGHUP, SIGQUIT, kPress}); }

void install_press_handler() {
  struct sigaction action{};
  action.sa_handler = [](int) {};
  ::sigaction(kPress, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

[[noreturn]] void die_of(int number) {
  ::signal(number, SIG_DFL);
  const sigset_t signals = set_of({number});
  ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  ::raise(number);
  ::_exit(128 + number);
}

}  // namespace

Interrupter::Interrupter() : worker_(::pthread_self()) {
  install_press_handler();
  const sigset_t watched = watched_signals();
  ::pthread_sigmask(SIG_BLOCK, &watched, nullptr);
  thread_ = std::thread([this] { watch(); });
  const sigset_t press = set_of({kPress});
  ::pthread_sigmask(SIG_UNBLOCK, &press, nullptr);
}

Interrupter::~Interrupter() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  ::pthread_kill(thread_.native_handle(), kPress);
  thread_.join();
}

Stop Interrupter::stop() const {
  const std::lock_guard lock(mutex_);
  return stop_;
}

int Interrupter::signal() const {
  const std::lock_guard lock(mutex_);
  return signal_;
}

void Interrupter::begin_attempt(std::chrono::seconds limit) {
  const std::lock_guard lock(mutex_);
  if (stop_ == Stop::Cancelled) return;
  stop_ = Stop::No;
  last_resort_ = silence_deadline_ = Clock::time_point::max();
  deadline_ = limit.count() > 0 ? Clock::now() + limit : Clock::time_point::max();
}

void Interrupter::peer_is_alive() {
  const std::lock_guard lock(mutex_);
  silence_deadline_ = Clock::now() + kSilenceLimit;
}

void Interrupter::peer_is_done() {
  const std::lock_guard lock(mutex_);
  silence_deadline_ = Clock::time_point::max();
}

bool Interrupter::sleep(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return !stopped_.wait_for(lock, time, [this] { return stop_ != Stop::No; });
}

void Interrupter::watch() {
  const sigset_t signals = watched_signals();
  const timespec tick{0, std::chrono::nanoseconds(kTick).count()};
  for (;;) {
    const int received = ::sigtimedwait(&signals, nullptr, &tick);
    const std::lock_guard lock(mutex_);
    if (ending_) return;
    decide(received);
    if (stop_ != Stop::No) press();
  }
}

void Interrupter::decide(int received) {
  const auto now = Clock::now();
  Stop decided = stop_;
  if (received > 0) {
    decided = Stop::Cancelled;
    signal_ = received;
  } else if (stop_ == Stop::No && now >= deadline_) {
    decided = Stop::TimedOut;
  } else if (stop_ == Stop::No && now >= silence_deadline_) {
    decided = Stop::Stalled;
  }
  if (decided == stop_) return;
  stop_ = decided;
  last_resort_ = now + kGrace;
  stopped_.notify_all();
}

void Interrupter::press() {
  ::pthread_kill(worker_, kPress);
  if (stop_ == Stop::Cancelled && Clock::now() >= last_resort_) die_of(signal_);
}

}  // namespace ostler::checkout
