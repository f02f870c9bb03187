// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/rate_limiter.hpp"

namespace ostler::rest_api {
namespace {

constexpr std::chrono::minutes kWindow{1};
/// With more of them the minutes that are over are forgotten.
constexpr std::size_t kManyTokens = 1'000;

}  // namespace

RateWindow RateLimiter::take(TokenId token) {
  if (limit_ == 0) return {};
  const auto now = clock_.since_boot();
  const Minute minute = minutes_.with([&](Minutes& minutes) {
    if (minutes.size() > kManyTokens) {
      std::erase_if(minutes, [&](const auto& entry) { return entry.second.end <= now; });
    }
    Minute& mine = minutes[token];
    if (mine.end <= now) mine = {.end = now + kWindow, .used = 0};
    ++mine.used;
    return mine;
  });
  return {.limit = limit_,
          .used = minute.used,
          .reset = std::chrono::ceil<std::chrono::seconds>(minute.end - now)};
}

}  // namespace ostler::rest_api
