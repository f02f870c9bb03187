// SPDX-License-Identifier: Apache-2.0
#include "pipeline/core_scalar.hpp"

#include <gtest/gtest.h>

namespace ostler::pipeline {
namespace {

std::string json(std::string_view plain) { return core_json(plain).value_or("a text"); }

TEST(CoreScalar, KeepsTheTextThatANumberHas) {
  for (const char* number : {"0", "-0", "4", "-17", "1.10", "1.0", "-0.0", "0.000001", "1e3",
                             "1E-05", "18446744073709551616", "123456789012345678901234567890"}) {
    EXPECT_EQ(json(number), number);
  }
}

TEST(CoreScalar, WritesAsJsonWhatJsonWritesOtherwise) {
  EXPECT_EQ(json("012"), "12");
  EXPECT_EQ(json("-007.50"), "-7.50");
  EXPECT_EQ(json("00"), "0");
  EXPECT_EQ(json("-00"), "-0");
  EXPECT_EQ(json("+4"), "4");
  EXPECT_EQ(json(".5"), "0.5");
  EXPECT_EQ(json("-.5e3"), "-0.5e3");
  EXPECT_EQ(json("5."), "5.0");
  EXPECT_EQ(json("5.e1"), "5.0e1");
  EXPECT_EQ(json("0o14"), "12");
  EXPECT_EQ(json("0x1F"), "31");
  EXPECT_EQ(json("0xff"), "255");
  EXPECT_EQ(json("0xFFFFFFFFFFFFFFFFFFFF"), "1208925819614629174706175");
  EXPECT_EQ(json("0o0"), "0");
}

TEST(CoreScalar, KnowsThreeSpellingsOfEachBoolean) {
  for (const char* word : {"true", "True", "TRUE"}) EXPECT_EQ(json(word), "true");
  for (const char* word : {"false", "False", "FALSE"}) EXPECT_EQ(json(word), "false");
}

TEST(CoreScalar, LeavesAllElseAText) {
  for (const char* text : {"",     "yes",  "on",   "y",     "tRUE", "1_000",   "0b11", "0X1F",
                           "0O7",  "0o8",  "0x",   "-0x1F", "0o",   "1.2.3",   "1e",   "e5",
                           ".",    "+",    "-",    "+.",    "--1",  "1 ",      " 1",   "2026-01-02",
                           "1:30", ".inf", ".nan", "null",  "~",    "12e4567", "1,5"}) {
    EXPECT_FALSE(core_json(text)) << text;
  }
  EXPECT_FALSE(core_json(std::string(400, '9')));
  EXPECT_FALSE(core_json("0x" + std::string(399, 'f')));
  EXPECT_FALSE(core_json("0x" + std::string(1'000'000, 'f')));
}

TEST(CoreScalar, LeavesLongNumbersTexts) {
  const std::string longest = "0." + std::string(510, '1');
  EXPECT_EQ(json(longest), longest);
  EXPECT_FALSE(core_json(longest + "1"));
  EXPECT_EQ(json("0x" + std::string(32, 'f')), "340282366920938463463374607431768211455");
  EXPECT_FALSE(core_json("0x" + std::string(33, 'f')));
  EXPECT_FALSE(core_json("0o" + std::string(33, '7')));
}

TEST(CoreScalar, NamesTheNumbersThatJsonLacks) {
  for (const char* number : {".inf", "-.Inf", "+.INF", ".nan", ".NaN", ".NAN"}) {
    EXPECT_TRUE(is_infinite_or_nan(number)) << number;
  }
  for (const char* text : {"inf", "nan", ".iNF", "-.nan", "..inf", ".infinity", ""}) {
    EXPECT_FALSE(is_infinite_or_nan(text)) << text;
  }
}

}  // namespace
}  // namespace ostler::pipeline
