// SPDX-License-Identifier: Apache-2.0
#include "console/table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::console {
namespace {

TEST(Table, AlignsColumnsByCharactersNotBytes) {
  const Terminal plain(false);
  EXPECT_THAT(table_lines({{{"a"}, {"1"}, {"x"}}, {{"\xC3\xA9\xC3\xA9\xC3\xA9"}, {"22"}}}, plain),
              testing::ElementsAre("a    1   x", "\xC3\xA9\xC3\xA9\xC3\xA9  22"));
}

TEST(Table, CountsNoColourCodes) {
  const Terminal coloured(true);
  EXPECT_THAT(table_lines({{{"ok", Style::Good}, {"1"}}, {{"longer"}, {"2"}}}, coloured),
              testing::ElementsAre("\x1b[32mok\x1b[0m      1", "longer  2"));
}

TEST(Table, ShortensTheLongestTextsToFitTheTerminal) {
  const Terminal narrow(false, 20);
  EXPECT_THAT(table_lines({{{"abc/12"}, {"a very long message"}}}, narrow, 1),
              testing::ElementsAre("abc/12  a very long\u2026"));
  EXPECT_THAT(table_lines({{{"a-long-slug/123"}, {"ok"}, {"m"}}}, narrow, 2),
              testing::ElementsAre("a-long-slug/123  ok"));
}

TEST(Table, ShortensWholeColumnsBeforeALineIsWiderThanTheTerminal) {
  const Cell name{"a very long slug/123", Style::Plain, 4};
  EXPECT_THAT(table_lines({{name, {"passed"}, {"m"}}}, Terminal(false, 20), 2),
              testing::ElementsAre("a very \u2026/123  passed"));
}

TEST(Table, KeepsTheTailThatTellsTextsApart) {
  const Cell title{"Run all of the tests 2/3", Style::Plain, 4};
  EXPECT_THAT(table_lines({{title, {"passed"}}}, Terminal(false, 20)),
              testing::ElementsAre("Run all\u2026 2/3  passed"));
  EXPECT_EQ(shortened("abcdefghij", 6, 8), "ab\u2026hij") << "it gets half of the room";
  EXPECT_EQ(shortened("\u6784\u5EFA\u6784\u5EFA", 6, 3), "\u6784\u2026\u5EFA");
}

TEST(Table, LeavesATextOutThatSaysNothingWhenItIsShortened) {
  const std::vector<Cell> row = {
      {"a title of thirty characters.."}, {"never"}, {"0123456789", Style::Plain, kWholeText}};
  EXPECT_THAT(table_lines({row}, Terminal(false, 38)),
              testing::ElementsAre("a title of thirty \u2026  never  0123456789"));
  EXPECT_THAT(table_lines({row}, Terminal(false, 30)),
              testing::ElementsAre("a title of thirty char\u2026  never"));
}

TEST(Table, LeavesOutTheLastColumnsWhenNothingElseHelps) {
  EXPECT_THAT(table_lines({{{"123456"}, {"123456"}, {"123456"}}}, Terminal(false, 15)),
              testing::ElementsAre("123456  123456"));
  EXPECT_THAT(table_lines({{{"123456"}}}, Terminal(false, 2)), testing::ElementsAre("123456"));
}

TEST(Table, LeavesWhatStaysReadableAndWide) {
  const std::vector<Cell> row = {
      {"a title of thirty characters.."}, {"did not run"}, {"3.3s"}, {"exit status 3"}, {"box-1"}};
  EXPECT_THAT(table_lines({row}, Terminal(false, 40)),
              testing::ElementsAre("a title of thirty ch\u2026  did not run  3.3s"));
  EXPECT_THAT(
      table_lines({row}, Terminal(false, 60)),
      testing::ElementsAre("a title of thirty charact\u2026  did not run  3.3s  exit status 3"));
}

TEST(Table, CountsTheColumnsOfWideCharacters) {
  EXPECT_EQ(width_of("\u6784\u5EFA\U0001F528e\u0301"), 7u);
  EXPECT_EQ(shortened("\u6784\u5EFA\u6784\u5EFA", 6), "\u6784\u5EFA\u2026");
  EXPECT_EQ(shortened("\u6784\u5EFA\u6784\u5EFA", 7), "\u6784\u5EFA\u6784\u2026");
  EXPECT_THAT(table_lines({{{"\u6784"}, {"1"}}, {{"abc"}, {"2"}}}, Terminal(false)),
              testing::ElementsAre("\u6784   1", "abc  2"));
}

TEST(Table, ShortensByCharactersNotBytes) {
  EXPECT_EQ(shortened("\u00e9\u00e9\u00e9", 3), "\u00e9\u00e9\u00e9");
  EXPECT_EQ(shortened("\u00e9\u00e9\u00e9\u00e9", 3), "\u00e9\u00e9\u2026");
}

}  // namespace
}  // namespace ostler::console
