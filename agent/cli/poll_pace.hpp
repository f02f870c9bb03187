// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>

namespace ostler::cli {

/// How long to wait before a hub is asked again: longer and longer while nothing happens.
class PollPace {
 public:
  struct Limits {
    std::chrono::milliseconds shortest;
    std::chrono::milliseconds longest;
  };
  explicit PollPace(Limits limits) : limits_(limits) {}

  /// Something happened: the next pause is the shortest.
  void hurry() { pause_ = std::chrono::milliseconds(0); }
  /// The pause before the next question, twice the one before.
  std::chrono::milliseconds next() {
    return pause_ = std::clamp(pause_ * 2, limits_.shortest, limits_.longest);
  }

 private:
  Limits limits_;
  std::chrono::milliseconds pause_{0};
};

}  // namespace ostler::cli
