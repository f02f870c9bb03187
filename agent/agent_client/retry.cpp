// SPDX-License-Identifier: Apache-2.0
#include "agent_client/retry.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace ostler::agent_client {
namespace {

using std::chrono::milliseconds;

bool is_final(StopOn stop_on, const Failure& failure) {
  const int status = failure.status;
  const bool refused = status < 500;  // 3xx that is no redirect included
  switch (stop_on) {
    case StopOn::Standard: return status == 0 ? !failure.retryable : refused && status != 429;
    case StopOn::AnyStatus: return status == 0 ? !failure.retryable : true;
    case StopOn::AnyClientError: return status == 0 ? !failure.retryable : refused;
    case StopOn::ClientErrorButLocked:
      return refused && status != 0 && status != 423 && status != 429;
    case StopOn::UnauthorizedOrNotFound: return status == 401 || status == 404;
    case StopOn::Nothing: return false;
  }
  return true;
}

milliseconds uncapped(const RetryPolicy& policy, int k) {
  const auto base = static_cast<double>(policy.base.count());
  switch (policy.growth) {
    case Growth::Constant: return policy.base;
    case Growth::Exponential: return milliseconds(std::llround(std::ldexp(base, k)));
    case Growth::Subexponential: return milliseconds(std::llround(std::pow(base, 1 + k / 16.0)));
  }
  return policy.base;
}

milliseconds grown(const RetryPolicy& policy, int k) {
  constexpr int kEnoughGrowth = 24;  // beyond the largest cap, within the range of the type
  const milliseconds wait = uncapped(policy, std::min(k, kEnoughGrowth));
  return policy.cap.count() > 0 ? std::min(wait, policy.cap) : wait;
}

}  // namespace

Failure failure_of(const Error& error) { return {0, error.retryable()}; }

Failure failure_of_status(int status) { return {status, false}; }

Attempts::Attempts(const RetryPolicy& policy, Random random)
    : policy_(policy), random_(std::move(random)) {}

std::optional<milliseconds> Attempts::next(const Failure& failure, milliseconds elapsed) {
  ++failed_;
  if (failed_ >= policy_.attempts || is_final(policy_.stop_on, failure)) return std::nullopt;
  const auto jittered = static_cast<double>(policy_.jitter.count()) * random_();
  const auto wait = std::max(milliseconds(0), grown(policy_, failed_ - 1) - policy_.early +
                                                  milliseconds(std::llround(jittered)));
  if (policy_.total.count() > 0 && elapsed + wait > policy_.total) return std::nullopt;
  return wait;
}

milliseconds Attempts::time_left(milliseconds elapsed) const {
  constexpr int kTimedAttempts = 4;
  if (policy_.attempt.count() > 0 && failed_ < kTimedAttempts) return policy_.attempt;
  if (policy_.told.count() == 0) return milliseconds(0);
  return std::clamp(policy_.total - elapsed, milliseconds(1), policy_.told);
}

double jitter() {
  thread_local std::minstd_rand engine{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(engine);
}

}  // namespace ostler::agent_client
