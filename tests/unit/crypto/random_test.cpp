// SPDX-License-Identifier: Apache-2.0
#include "crypto/random.hpp"

#include <gtest/gtest.h>

#include <set>

namespace ostler::crypto {
namespace {

TEST(RandomToken, IsUrlSafeBase64OfTheAskedSize) {
  EXPECT_EQ(random_token(32).size(), 43u);
  EXPECT_EQ(random_token(1).size(), 2u);
  EXPECT_EQ(random_token(3).size(), 4u);
  EXPECT_EQ(
      random_token(32).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                         "0123456789-_"),
      std::string::npos);
}

TEST(RandomToken, DoesNotRepeat) {
  std::set<std::string> tokens;
  for (int i = 0; i < 1000; ++i) tokens.insert(random_token());
  EXPECT_EQ(tokens.size(), 1000u);
}

}  // namespace
}  // namespace ostler::crypto
