// SPDX-License-Identifier: Apache-2.0
#include "config/values.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

namespace ostler::config {
namespace {

using std::chrono::milliseconds;

TEST(ParseDuration, ReadsGoSyntax) {
  EXPECT_EQ(parse_duration("10s").value(), milliseconds(10'000));
  EXPECT_EQ(parse_duration("1h30m").value(), milliseconds(5'400'000));
  EXPECT_EQ(parse_duration("500ms").value(), milliseconds(500));
  EXPECT_EQ(parse_duration("1.5s").value(), milliseconds(1500));
  EXPECT_EQ(parse_duration("0").value(), milliseconds(0));
}

TEST(ParseDuration, RefusesWhatHasNoUnitOrIsNegative) {
  for (const auto* text : {"", "10", "s", "10x", "-1s", "10s ", "1s2", "99999999999h"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(ParseFlag, ReadsTheUsualWords) {
  EXPECT_TRUE(parse_flag("TRUE").value());
  EXPECT_TRUE(parse_flag("1").value());
  EXPECT_FALSE(parse_flag("no").value());
  EXPECT_FALSE(parse_flag("maybe"));
}

TEST(ParseNumber, RefusesSignsFractionsAndText) {
  EXPECT_EQ(parse_number("12").value(), 12);
  for (const auto* text : {"", "-1", "1.5", "ten", "1 ", "99999999999"}) {
    EXPECT_FALSE(parse_number(text)) << text;
  }
}

TEST(SplitList, DropsEmptyItemsAndBlanks) {
  EXPECT_EQ(split_list(" a=1, ,b,"), (std::vector<std::string>{"a=1", "b"}));
  EXPECT_TRUE(split_list("").empty());
}

TEST(ParsePath, ExpandsHomeAndVariables) {
  ::setenv("HOME", "/home/me", 1);
  ::setenv("PLACE", "x", 1);
  EXPECT_EQ(parse_path("~/a").value(), "/home/me/a");
  EXPECT_EQ(parse_path("/b/$PLACE/${PLACE}y").value(), "/b/x/xy");
  EXPECT_EQ(parse_path("").value(), "");
  EXPECT_TRUE(parse_path("relative").value().is_absolute());
}

}  // namespace
}  // namespace ostler::config
