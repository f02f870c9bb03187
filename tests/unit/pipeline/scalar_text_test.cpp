// SPDX-License-Identifier: Apache-2.0
#include "pipeline/scalar_text.hpp"

#include <gtest/gtest.h>

namespace ostler::pipeline {
namespace {

TEST(ScalarText, WritesBooleansInLowerCase) {
  EXPECT_EQ(value_text("True"), "true");
  EXPECT_EQ(value_text("FALSE"), "false");
  EXPECT_EQ(value_text("yes"), "yes");
}

TEST(ScalarText, WritesIntegersInDecimal) {
  EXPECT_EQ(value_text("12"), "12");
  EXPECT_EQ(value_text("-0"), "0");
  EXPECT_EQ(value_text("+7"), "7");
  EXPECT_EQ(value_text("0x1F"), "31");
  EXPECT_EQ(value_text("0o17"), "15");
  EXPECT_EQ(value_text("017"), "15");
  EXPECT_EQ(value_text("0b101"), "5");
  EXPECT_EQ(value_text("1_000"), "1000");
  EXPECT_EQ(value_text("18446744073709551615"), "18446744073709551615");
}

TEST(ScalarText, WritesFloatsInTheirShortestForm) {
  EXPECT_EQ(value_text("1.10"), "1.1");
  EXPECT_EQ(value_text("2.0"), "2");
  EXPECT_EQ(value_text("1e3"), "1000");
  EXPECT_EQ(value_text("1e21"), "1e+21");
  EXPECT_EQ(value_text("0.00001"), "1e-05");
  EXPECT_EQ(value_text("-.5"), "-0.5");
  EXPECT_EQ(value_text("09"), "9");
}

TEST(ScalarText, LeavesOtherTextAlone) {
  for (const char* text : {"", "1.2.3", "0x", "1e", "v1", "--1", "_", "2026-01-02", "e5", "..",
                           "1-2", "-", "+", ".", "- 1"}) {
    EXPECT_EQ(value_text(text), text);
  }
}

TEST(ScalarText, WritesKeysThatAreFloatsWithAnExponent) {
  EXPECT_EQ(key_text("1.5"), "1.500000e+00");
  EXPECT_EQ(key_text("0x10"), "16");
  EXPECT_EQ(key_text("True"), "true");
  EXPECT_EQ(key_text("name"), "name");
}

}  // namespace
}  // namespace ostler::pipeline
