// SPDX-License-Identifier: Apache-2.0
#include "support/wait_until.hpp"

#include <poll.h>

namespace ostler::support {

bool wait_until(std::chrono::milliseconds limit, const std::function<bool()>& holds) {
  constexpr int kIntervalMs = 3;
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    ::poll(nullptr, 0, kIntervalMs);
  }
  return true;
}

}  // namespace ostler::support
