// SPDX-License-Identifier: Apache-2.0
#include "console/log_lines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::console {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> lines_of(std::string_view bytes, bool colours = false) {
  LogLines lines(colours);
  auto all = lines.feed(bytes);
  if (auto rest = lines.finish(); !rest.empty()) all.push_back(std::move(rest));
  return all;
}

TEST(LogLines, SplitsAtLineEndsOfBothKinds) {
  EXPECT_THAT(lines_of("a\nb\r\n\nlast"), ElementsAre("a", "b", "", "last"));
}

TEST(LogLines, StripsTimeStampCodes) {
  EXPECT_THAT(lines_of("\x1b_bk;t=1700000000000\a~~~ Running\n\x1b_bk;t=1\x1b\\x\n", true),
              ElementsAre("~~~ Running", "x"));
}

TEST(LogLines, KeepsColoursOnlyWhenWanted) {
  EXPECT_THAT(lines_of("\x1b[31mred\x1b[0m\n", true), ElementsAre("\x1b[31mred\x1b[0m"));
  EXPECT_THAT(lines_of("\x1b[31mred\x1b[0m\n", false), ElementsAre("red"));
}

TEST(LogLines, StripsWhatCouldMoveTheCursorOrNameTheWindow) {
  EXPECT_THAT(lines_of("\x1b[2J\x1b[Ha\x1b]0;title\ab\x1bPq\x1b\\c\x1b"
                       "7d\be\x7f\n",
                       true),
              ElementsAre("abcde"));
}

TEST(LogLines, StripsControlsAndTurnsOfDirectionOfUnicode) {
  EXPECT_THAT(lines_of("a\xC2\x9D"
                       "0;title\xC2\x9C"
                       "b \xE2\x80\xAE"
                       "c\xE2\x81\xA6 \xC2\xB5 \xE2\x82\xAC\n",
                       true),
              ElementsAre("a0;titleb c \xC2\xB5 \xE2\x82\xAC"));
}

TEST(LogLines, ShowsWhatFollowsASequenceThatNobodyEnds) {
  for (const char* open : {"\x1b]0;", "\x1bP", "\x1b_x\x1b", "\x1b", "\x1b[1"}) {
    EXPECT_THAT(lines_of(std::string("a") + open + "\nerror: b\n", true),
                ElementsAre("a", "error: b"));
  }
}

TEST(LogLines, ShowsTheLastStateOfAnOverwrittenLine) {
  EXPECT_THAT(lines_of("10%\r50%\r100%\r\ndone\n"), ElementsAre("100%", "done"));
}

TEST(LogLines, ShowsALineBeforeItsEnd) {
  LogLines lines(false);
  EXPECT_EQ(lines.unfinished(), "");
  lines.feed("a\n\r[1/7] one\x1b[K");
  EXPECT_EQ(lines.unfinished(), "[1/7] one");
  lines.feed("\r[2/7]");
  EXPECT_EQ(lines.unfinished(), "[2/7]");
  lines.feed("\n");
  EXPECT_EQ(lines.unfinished(), "");
}

TEST(LogLines, GivesTheSameWhereverTheBytesAreCut) {
  const std::string bytes =
      "a\x1b_bk;t=12\a\x1b[1;31mb\x1b[0m\r\nc\r"
      "d\n\x1b]0;x\x1b\\e";
  const auto whole = lines_of(bytes, true);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    LogLines lines(true);
    auto all = lines.feed(bytes.substr(0, cut));
    for (auto& line : lines.feed(bytes.substr(cut))) all.push_back(std::move(line));
    all.push_back(lines.finish());
    EXPECT_EQ(all, whole) << "cut at " << cut;
  }
}

TEST(LogLines, BoundsALineWithoutEnd) {
  LogLines lines(false);
  std::size_t count = 0;
  for (int i = 0; i < 1'000; ++i) count += lines.feed(std::string(1'000, 'x')).size();
  EXPECT_EQ(count, 15u);
}

TEST(LogLines, ForgetsAControlSequenceThatNeverEnds) {
  EXPECT_THAT(lines_of("\x1b[" + std::string(65, '1') + "text\n"), ElementsAre("text"));
  LogLines lines(true);
  EXPECT_THAT(lines.feed("\x1b_" + std::string(10'000, 'x')), IsEmpty());
}

}  // namespace
}  // namespace ostler::console
