// SPDX-License-Identifier: Apache-2.0
#include "hub/clock_watch.hpp"

#include <string>

#include "diag/log.hpp"

namespace ostler::hub {

ClockWatch::Reading ClockWatch::read() const {
  using std::chrono::microseconds;
  constexpr microseconds kCorrection = std::chrono::seconds(2);
  Reading reading = look();
  const auto passed =
      std::chrono::duration_cast<microseconds>(reading.since_boot - settled_.since_boot);
  const microseconds jump = (reading.now - settled_.now) - passed;
  if (std::chrono::abs(jump) >= kCorrection) reading.jump = jump;
  return reading;
}

bool AgeTrust::holds() {
  constexpr auto kMuch = std::chrono::hours(1);
  const ClockWatch::Reading time = watch_.read();
  watch_.settle(time);
  if (time.jump >= kMuch) {
    doubts_until_ = time.since_boot + kMuch;
    diag::warn(
        "the clock was set forward, nothing is removed by its age for an hour",
        {{"by_h", std::to_string(std::chrono::floor<std::chrono::hours>(time.jump).count())}});
  }
  return time.since_boot >= doubts_until_;
}

}  // namespace ostler::hub
