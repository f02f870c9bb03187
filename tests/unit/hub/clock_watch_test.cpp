// SPDX-License-Identifier: Apache-2.0
#include "hub/clock_watch.hpp"

#include <gtest/gtest.h>

#include "moved_clock.hpp"

namespace ostler::hub {
namespace {

using namespace std::chrono_literals;

TEST(ClockWatch, SeesNoJumpInTimeThatPasses) {
  MovedClock clock;
  ClockWatch watch(clock);
  for (const auto time : {1s, 90s, 36'000s}) {
    clock.pass(time);
    EXPECT_EQ(watch.read().jump, 0s);
    EXPECT_EQ(watch.read().now, clock.now());
  }
}

TEST(ClockWatch, SeesAJumpEitherWayUntilItIsSettled) {
  MovedClock clock;
  ClockWatch watch(clock);
  for (const std::chrono::microseconds by : {3'600s, -7'200s}) {
    clock.set_by(by);
    clock.pass(1s);
    EXPECT_EQ(watch.read().jump, by);
    EXPECT_EQ(watch.read().jump, by) << "the sweep may have failed";
    watch.settle(watch.read());
    EXPECT_EQ(watch.read().jump, 0s);
  }
}

TEST(ClockWatch, TakesACorrectionForNone) {
  MovedClock clock;
  ClockWatch watch(clock);
  clock.set_by(-1'900ms);
  EXPECT_EQ(watch.read().jump, 0s);
}

TEST(AgeTrust, IsLostForAnHourWhenTheClockIsSetForward) {
  MovedClock clock;
  AgeTrust age(clock);
  EXPECT_TRUE(age.holds());
  clock.set_by(24h * 365);
  clock.pass(1min);
  EXPECT_FALSE(age.holds());
  clock.pass(58min);
  EXPECT_FALSE(age.holds());
  clock.pass(2min);
  EXPECT_TRUE(age.holds()) << "it may well be right";
}

TEST(AgeTrust, StaysWhenTheClockIsCorrectedOrSetBackOrTheMachineSlept) {
  MovedClock clock;
  AgeTrust age(clock);
  clock.set_by(-24h);
  EXPECT_TRUE(age.holds());
  clock.set_by(10min);
  EXPECT_TRUE(age.holds());
  clock.pass(24h * 30);
  EXPECT_TRUE(age.holds());
}

}  // namespace
}  // namespace ostler::hub
