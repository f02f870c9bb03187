// SPDX-License-Identifier: Apache-2.0
#include "base/ascii.hpp"

#include <gtest/gtest.h>

namespace ostler {
namespace {

TEST(Ascii, LowersLettersOnly) { EXPECT_EQ(lower_case("AZ@[\xc3\x84 a-9"), "az@[\xc3\x84 a-9"); }

TEST(Ascii, KnowsWhatIsBlank) {
  EXPECT_TRUE(is_blank(""));
  EXPECT_TRUE(is_blank(" \t\r\n\v\f"));
  EXPECT_FALSE(is_blank(" a "));
  EXPECT_FALSE(is_blank("\xc2\xa0"));
}

}  // namespace
}  // namespace ostler
