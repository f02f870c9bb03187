// SPDX-License-Identifier: Apache-2.0
#include "hub/disk_guard.hpp"

#include <string>
#include <utility>

#include "base/size_text.hpp"
#include "diag/log.hpp"

namespace ostler::hub {
namespace {

constexpr std::chrono::seconds kBetweenMeasures{1};

std::string free_text(const files::DiskSpace& space) {
  return size_text(static_cast<std::uint64_t>(space.available)) + " of " +
         size_text(static_cast<std::uint64_t>(space.total));
}

}  // namespace

DiskGuard::DiskGuard(Measure measure, const Clock& clock, int least_percent)
    : measure_(std::move(measure)), clock_(clock), least_percent_(least_percent) {}

Result<void> DiskGuard::admit() {
  const State now = state_.with([this](State& state) {
    measure(state);
    return state;
  });
  if (!now.is_low) return success();
  return Error(Errc::Unavailable, "the hub's disk is nearly full (" + free_text(now.space) +
                                      " are free): it takes no new builds and artifacts until " +
                                      std::to_string(least_percent_) +
                                      "% are free; remove something there")
      .with_retryable(true);
}

files::DiskSpace DiskGuard::space() {
  return state_.with([this](State& state) {
    measure(state);
    return state.space;
  });
}

void DiskGuard::measure(State& state) const {
  const auto now = clock_.since_boot();
  if (now < state.next) return;
  state.next = now + kBetweenMeasures;
  const auto measured = measure_();
  if (!measured) {
    diag::warn("cannot measure the free space of the disk",
               {{"error", measured.error().message()}});
  }
  state.space = measured ? measured.value() : files::DiskSpace{};
  const bool was_low = std::exchange(state.is_low, is_low(state.space));
  if (state.is_low && !was_low) {
    diag::warn("the disk is nearly full, new builds and artifacts are refused",
               {{"free", free_text(state.space)}});
  }
  if (was_low && !state.is_low) {
    diag::notice("the disk has room again, new builds and artifacts are taken",
                 {{"free", free_text(state.space)}});
  }
}

bool DiskGuard::is_low(const files::DiskSpace& space) const {
  return space.available < space.total / 100 * least_percent_;
}

}  // namespace ostler::hub
