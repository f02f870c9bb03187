// SPDX-License-Identifier: Apache-2.0
#include "model/cache_key.hpp"

#include <gtest/gtest.h>

namespace ostler::model {
namespace {

constexpr bool kMandatory = true;

TEST(CacheKey, IsTheSameByItsValuesAlone) {
  EXPECT_TRUE(is_same({{"a", kMandatory}, {"b"}}, {{"a"}, {"b", kMandatory}}));
  EXPECT_FALSE(is_same({{"a"}}, {{"a"}, {"b"}}));
  EXPECT_FALSE(is_same({{"a"}}, {{"b"}}));
}

TEST(CacheKey, IsStoodInForByWhatBeginsAlike) {
  const CacheKey wanted{{"node"}, {"linux"}, {"abc"}};
  EXPECT_EQ(fall_back_rank(wanted, {{"node"}, {"linux"}, {"abc"}}), 3u);
  EXPECT_EQ(fall_back_rank(wanted, {{"node"}, {"linux"}, {"xyz"}}), 2u);
  EXPECT_EQ(fall_back_rank(wanted, {{"node"}}), 1u);
  EXPECT_EQ(fall_back_rank(wanted, {{"node"}, {"mac"}, {"abc"}}), 1u);
  EXPECT_EQ(fall_back_rank(wanted, {{"rust"}, {"linux"}, {"abc"}}), std::nullopt);
  EXPECT_EQ(fall_back_rank(wanted, {}), std::nullopt);
}

TEST(CacheKey, IsNotStoodInForWhereAMandatoryPartDiffers) {
  const CacheKey wanted{{"node", kMandatory}, {"abc"}, {"linux", kMandatory}};
  EXPECT_EQ(fall_back_rank(wanted, {{"node"}, {"xyz"}, {"linux"}}), 1u);
  EXPECT_EQ(fall_back_rank(wanted, {{"node"}, {"abc"}, {"mac"}}), std::nullopt);
  EXPECT_EQ(fall_back_rank(wanted, {{"node"}, {"abc"}}), std::nullopt);
}

}  // namespace
}  // namespace ostler::model
