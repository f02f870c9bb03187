// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "base/uuid.hpp"

namespace ostler::rest_api {

/// The minute in which a token's calls are counted, as it is after one of them.
struct RateWindow {
  std::int64_t limit = 0;  ///< calls in a minute; 0: none is refused
  std::int64_t used = 0;
  std::chrono::seconds reset{60};  ///< until the next one begins

  bool is_exceeded() const { return limit > 0 && used > limit; }
};

/// Counts the calls of each token. A token's minute begins with the first call after the one
/// before. Thread-safe.
class RateLimiter {
 public:
  /// 0 counts nothing. `clock` outlives it.
  RateLimiter(const Clock& clock, std::int64_t calls_per_minute)
      : clock_(clock), limit_(calls_per_minute) {}

  /// What is said to a caller whom nobody knows, and whose calls are not counted.
  RateWindow untouched() const { return {.limit = limit_}; }

  /// Counts a call.
  RateWindow take(TokenId token);

 private:
  struct Minute {
    std::chrono::nanoseconds end{0};  ///< since boot: a clock that is set costs nobody a call
    std::int64_t used = 0;
  };
  using Minutes = std::map<TokenId, Minute>;

  const Clock& clock_;
  const std::int64_t limit_;
  Guarded<Minutes> minutes_;
};

}  // namespace ostler::rest_api
