// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/exact_number.hpp"

#include <gtest/gtest.h>

namespace ostler::plugin_host {
namespace {

TEST(ExactNumber, IsWholeWhateverItsSpelling) {
  for (const char* text : {"0", "-0", "4", "4.0", "1e3", "1.5e1", "120e-1", "18446744073709551616",
                           "0.0e-5", "1e300"}) {
    EXPECT_TRUE(ExactNumber(text).is_whole()) << text;
  }
  for (const char* text : {"1.5", "-0.1", "1e-1", "18446744073709551616.5", "125e-2"}) {
    EXPECT_FALSE(ExactNumber(text).is_whole()) << text;
  }
}

TEST(ExactNumber, ComparesWithoutRounding) {
  const char* const sorted[] = {"-1e300",
                                "-18446744073709551617",
                                "-18446744073709551616",
                                "-4.5",
                                "-4",
                                "0",
                                "1e-300",
                                "0.1",
                                "0.11",
                                "9007199254740992",
                                "9007199254740993",
                                "1e300"};
  for (std::size_t a = 0; a < std::size(sorted); ++a) {
    for (std::size_t b = 0; b < std::size(sorted); ++b) {
      EXPECT_EQ(ExactNumber(sorted[a]) <=> ExactNumber(sorted[b]), a <=> b)
          << sorted[a] << " " << sorted[b];
    }
  }
  EXPECT_EQ(ExactNumber("1.0"), ExactNumber("1"));
  EXPECT_EQ(ExactNumber("-0.0"), ExactNumber("0"));
  EXPECT_EQ(ExactNumber("12E+1"), ExactNumber("120"));
}

TEST(ExactNumber, KnowsItsDivisors) {
  const auto divides = [](const char* by, const char* number) {
    return ExactNumber(number).is_multiple_of(ExactNumber(by));
  };
  EXPECT_EQ(divides("3", "36893488147419103233"), true);
  EXPECT_EQ(divides("3", "36893488147419103232"), false);
  EXPECT_EQ(divides("0.1", "3"), true);
  EXPECT_EQ(divides("0.01", "19.99"), true);
  EXPECT_EQ(divides("0.02", "19.99"), false);
  EXPECT_EQ(divides("8", "1e3"), true);
  EXPECT_EQ(divides("7", "1e300"), false);
  EXPECT_EQ(divides("1e-999999999", "7"), true);
  EXPECT_EQ(divides("18446744073709551616", "-36893488147419103232"), true);
  EXPECT_EQ(divides("5", "0"), true);
  EXPECT_EQ(divides("0", "5"), std::nullopt);
  EXPECT_EQ(divides("-5", "5"), std::nullopt);
}

TEST(ExactNumber, GivesWhatFitsInto64Bits) {
  EXPECT_EQ(ExactNumber("4.0").as_int64(), 4);
  EXPECT_EQ(ExactNumber("-1e3").as_int64(), -1000);
  EXPECT_EQ(ExactNumber("-9223372036854775808").as_int64(), INT64_MIN);
  EXPECT_EQ(ExactNumber("9223372036854775808").as_int64(), std::nullopt);
  EXPECT_EQ(ExactNumber("1e300").as_int64(), std::nullopt);
  EXPECT_EQ(ExactNumber("0.5").as_int64(), std::nullopt);
  EXPECT_EQ(ExactNumber("0").as_int64(), 0);
}

}  // namespace
}  // namespace ostler::plugin_host
