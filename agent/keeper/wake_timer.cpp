// SPDX-License-Identifier: Apache-2.0
#include "keeper/wake_timer.hpp"

#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>

namespace ostler::keeper {

Result<WakeTimer> WakeTimer::create() {
  UniqueFd fd(::timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK));
  if (!fd) return Error::from_errno(errno, "make a timer");
  return WakeTimer(std::move(fd));
}

void WakeTimer::set(std::optional<BootTime> at) {
  if (at == at_) return;
  at_ = at;
  itimerspec when{};
  if (at) {
    // Zero would mean never; the past means now.
    const auto count = std::max<std::int64_t>(at->count(), 1);
    when.it_value.tv_sec = count / 1'000'000'000;
    when.it_value.tv_nsec = count % 1'000'000'000;
  }
  ::timerfd_settime(fd_.get(), TFD_TIMER_ABSTIME, &when, nullptr);
}

void WakeTimer::clear() {
  std::uint64_t fired = 0;
  if (::read(fd_.get(), &fired, sizeof fired) > 0) at_.reset();
}

}  // namespace ostler::keeper
