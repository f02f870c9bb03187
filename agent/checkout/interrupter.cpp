// SPDX-License-Identifier: Apache-2.0
#include "checkout/interrupter.hpp"

#include <signal.h>
#include <unistd.h>

#include <ctime>

namespace ostler::checkout {
namespace {

// Interrupts system calls of the worker thread; its handler does nothing.
constexpr int kPress = SIGUSR2;
constexpr std::chrono::milliseconds kTick{50};
// How long the work may go on after it was told to stop. A checkout that is writing files cannot
// be stopped through libgit2; whatever it leaves, the next one copes with.
constexpr std::chrono::milliseconds kGrace{500};

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGQUIT}) sigaddset(&signals, number);
  return signals;
}

void install_press_handler() {
  struct sigaction action{};
  action.sa_handler = [](int) {};
  ::sigaction(kPress, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

[[noreturn]] void die_of(int number) {
  ::signal(number, SIG_DFL);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, number);
  ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  ::raise(number);
  ::_exit(128 + number);
}

}  // namespace

Interrupter::Interrupter() : worker_(::pthread_self()) {
  install_press_handler();
  const sigset_t signals = stop_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  thread_ = std::thread([this] { watch(); });
}

Interrupter::~Interrupter() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
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
  const sigset_t signals = stop_signals();
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
