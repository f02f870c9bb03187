// SPDX-License-Identifier: Apache-2.0
#include "base/uuid.hpp"

#include <gtest/gtest.h>

namespace ostler {
namespace {

TEST(Uuid, RoundTripsThroughItsText) {
  const Uuid uuid = Uuid::make();
  EXPECT_EQ(Uuid::parse(uuid.str()), uuid);
  EXPECT_EQ(uuid.str()[14], '7');
}

TEST(Uuid, OrdersByTheTimeOfItsMaking) {
  const std::string first = Uuid::make().str().substr(0, 13);
  EXPECT_LE(first, Uuid::make().str().substr(0, 13));
}

TEST(Uuid, RefusesOtherTexts) {
  EXPECT_FALSE(Uuid::parse(""));
  EXPECT_FALSE(Uuid::parse("0198a1c2-0000-4000-8000-00000000000"));
  EXPECT_FALSE(Uuid::parse("0198a1c2-0000-4000-8000-00000000000g"));
  EXPECT_FALSE(Uuid::parse("0198a1c200000-4000-8000-0000000000001"));
}

}  // namespace
}  // namespace ostler
