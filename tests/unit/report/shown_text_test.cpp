// SPDX-License-Identifier: Apache-2.0
#include "report/shown_text.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace ostler::report {
namespace {

using namespace std::string_literals;

TEST(ShownText, IsTheFirstLineThatSaysSomething) {
  EXPECT_EQ(shown_text("\n \t\r\n  it broke \r\nat line 3", 100), "it broke...");
  EXPECT_EQ(shown_text("it broke \r\n \n", 100), "it broke");
  EXPECT_EQ(shown_text(" \n", 100), "");
}

TEST(ShownText, HasNothingThatSteersATerminal) {
  EXPECT_EQ(shown_text("a\x1b[31mb\u009b"
                       "c\0d"s,
                       100),
            "a [31mb c\uFFFDd");
  EXPECT_EQ(shown_text("a\xffz", 100), "a\uFFFDz");
}

TEST(ShownText, IsCutBetweenCharacters) {
  EXPECT_EQ(shown_text("\u00E9\u00E9\u00E9", 6), "\u00E9\u00E9\u00E9");
  EXPECT_EQ(shown_text("\u00E9\u00E9\u00E9", 5), "\u00E9\u00E9...");
}

TEST(BoundedList, EndsWithTheFirstThatHasNoRoom) {
  BoundedList list(1000);
  for (int i = 0; i < 100; ++i) list.add(std::string(1000, 'a'));
  list.add("short");
  const nlohmann::json items = std::move(list).take();
  EXPECT_EQ(items.size(), 49u);
  EXPECT_NE(items.back(), "short");
}

}  // namespace
}  // namespace ostler::report
