// SPDX-License-Identifier: Apache-2.0
#include "base/uuid.hpp"

#include <gtest/gtest.h>

#include "base/clock.hpp"

namespace ostler {
namespace {

TEST(Uuid, RoundTripsThroughItsText) {
  const Uuid uuid = Uuid::make();
  EXPECT_EQ(Uuid::parse(uuid.str()), uuid);
  EXPECT_EQ(uuid.str()[14], '7');
}

TEST(Uuid, TellsTheMillisecondOfItsMaking) {
  const auto millis = [] { return SystemClock().now().micros / 1000; };
  const auto before = millis();
  const std::string text = Uuid::make().str();
  const auto made = std::stoll(text.substr(0, 8) + text.substr(9, 4), nullptr, 16);
  EXPECT_LE(before, made);
  EXPECT_LE(made, millis());
}

TEST(Uuid, OrdersThoseOfOneMillisecondByTheirMaking) {
  Uuid last = Uuid::make();
  for (int i = 0; i < 10'000; ++i) {
    const Uuid next = Uuid::make();
    ASSERT_LT(last, next);
    EXPECT_EQ(next.str()[14], '7');
    last = next;
  }
}

TEST(Uuid, RefusesOtherTexts) {
  EXPECT_FALSE(Uuid::parse(""));
  EXPECT_FALSE(Uuid::parse("0198a1c2-0000-4000-8000-00000000000"));
  EXPECT_FALSE(Uuid::parse("0198a1c2-0000-4000-8000-00000000000g"));
  EXPECT_FALSE(Uuid::parse("0198a1c200000-4000-8000-0000000000001"));
}

}  // namespace
}  // namespace ostler
