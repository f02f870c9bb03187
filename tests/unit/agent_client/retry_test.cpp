// SPDX-License-Identifier: Apache-2.0
#include "agent_client/retry.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ostler::agent_client {
namespace {

using std::chrono::milliseconds;

constexpr Failure kLost{0, true};

double middle() { return 0.5; }

/// The waits between attempts when every attempt ends in `failure`.
std::vector<long> waits(const RetryPolicy& policy, const Failure& failure) {
  Attempts attempts(policy, middle);
  std::vector<long> found;
  while (const auto wait = attempts.next(failure, milliseconds(0))) found.push_back(wait->count());
  return found;
}

TEST(Attempts, GrowAsTheReferenceSays) {
  const RetryPolicy doubling{7, Growth::Exponential, milliseconds(1000)};
  EXPECT_EQ(waits(doubling, kLost), (std::vector<long>{1000, 2000, 4000, 8000, 16000, 32000}));
  const auto subexponential = waits(policy::kMetaDataSet, kLost);
  ASSERT_EQ(subexponential.size(), 9u);
  EXPECT_EQ(subexponential[0], 2000);
  EXPECT_NEAR(static_cast<double>(subexponential[1]), 3216, 1);
  EXPECT_NEAR(static_cast<double>(subexponential[4]), 13375, 30);
}

TEST(Attempts, TellTheServerHowLongTheyWait) {
  const auto left = [](const RetryPolicy& policy, int failed, long elapsed) {
    Attempts attempts(policy, middle);
    for (int i = 0; i < failed; ++i) attempts.next(kLost, milliseconds(0));
    return attempts.time_left(milliseconds(elapsed)).count();
  };
  EXPECT_EQ(left(policy::kAcquire, 0, 0), 330'000);
  EXPECT_EQ(left(policy::kAcquire, 2, 300'500), 29'500);
  EXPECT_EQ(left(policy::kAcquire, 3, 331'000), 1) << "the last may have begun in time";
  EXPECT_EQ(left(policy::kFinish, 50, 0), 3'600'000) << "never more than the reference says";
  EXPECT_EQ(left(policy::kFinish, 50, 6 * 3'600'000 - 5), 5);
  for (const int failed : {0, 3}) {
    EXPECT_EQ(left(policy::kArtifactCreate, failed, 0), 10'000);
    EXPECT_EQ(left(policy::kArtifactUpdate, failed, 0), 5'000);
  }
  for (const RetryPolicy& policy : {policy::kArtifactCreate, policy::kArtifactUpdate}) {
    EXPECT_EQ(left(policy, 4, 0), 0);
  }
  EXPECT_EQ(left(policy::kChunk, 0, 0), 0);
  EXPECT_EQ(left(policy::kStart, 0, 0), 0);
}

TEST(Attempts, CountTheFirstOne) { EXPECT_EQ(waits(policy::kRegister, kLost).size(), 29u); }

TEST(Attempts, AddJitterOnlyWhereThePolicyHasIt) {
  EXPECT_EQ(waits(policy::kFinish, kLost)[0], 2500);
  EXPECT_EQ(waits(policy::kRegister, kLost)[0], 10000);
}

TEST(Attempts, NeverWaitLongerThanTheCap) {
  RetryPolicy policy = policy::kStart;
  policy.attempts = 100;
  const auto found = waits(policy, kLost);
  EXPECT_EQ(found[5], 32'500);
  EXPECT_EQ(found[6], 60'500);
  EXPECT_EQ(found.back(), 60'500);
}

TEST(Attempts, EndWhenTheTotalTimeWouldPass) {
  Attempts attempts(policy::kChunk, middle);
  EXPECT_TRUE(attempts.next(kLost, milliseconds(1000)));
  EXPECT_FALSE(attempts.next(kLost, policy::kPatience));
}

struct Stop {
  StopOn rule;
  Failure failure;
  bool goes_on;
};

TEST(Attempts, StopOnWhatTheRuleNames) {
  const Stop cases[] = {
      {StopOn::Standard, {429}, true},
      {StopOn::Standard, {500}, true},
      {StopOn::Standard, {529}, true},
      {StopOn::Standard, {401}, false},
      {StopOn::Standard, {422}, false},
      {StopOn::Standard, {304}, false},
      {StopOn::Standard, kLost, true},
      {StopOn::Standard, {0, false}, false},
      {StopOn::AnyStatus, {500}, false},
      {StopOn::AnyStatus, kLost, true},
      {StopOn::AnyClientError, {429}, false},
      {StopOn::AnyClientError, {503}, true},
      {StopOn::UnauthorizedOrNotFound, {401}, false},
      {StopOn::UnauthorizedOrNotFound, {422}, true},
      {StopOn::Nothing, {401}, true},
      {StopOn::Nothing, {0, false}, true},
  };
  for (const Stop& one : cases) {
    Attempts attempts({.attempts = 2, .stop_on = one.rule}, middle);
    EXPECT_EQ(attempts.next(one.failure, milliseconds(0)).has_value(), one.goes_on)
        << "rule " << static_cast<int>(one.rule) << " status " << one.failure.status;
  }
}

TEST(Jitter, StaysInRange) {
  for (int i = 0; i < 1000; ++i) {
    const double number = jitter();
    ASSERT_GE(number, 0);
    ASSERT_LT(number, 1);
  }
}

TEST(Attempts, OfAcquireGoOnWhileTheJobIsLocked) {
  Attempts attempts(policy::kAcquire, [] { return 0.0; });
  EXPECT_EQ(attempts.next({423, false}, {}), milliseconds(0));
  EXPECT_EQ(attempts.next({429, false}, {}), milliseconds(1000));
  EXPECT_EQ(attempts.next({503, false}, {}), milliseconds(3000));
  EXPECT_EQ(attempts.next({0, true}, {}), milliseconds(7000));
  EXPECT_FALSE(attempts.next({422, false}, {}));
  Attempts late(policy::kAcquire, [] { return 0.0; });
  EXPECT_FALSE(late.next({423, false}, milliseconds(331'000)));
}

}  // namespace
}  // namespace ostler::agent_client
