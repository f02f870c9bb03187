// SPDX-License-Identifier: Apache-2.0
#include "console/plain_text.hpp"

#include <gtest/gtest.h>

#include "console/escaped_text.hpp"

namespace ostler::console {
namespace {

TEST(PlainText, IsTheFirstLine) {
  EXPECT_EQ(plain_line("one\r\ntwo"), "one");
  EXPECT_EQ(plain_line(""), "");
  EXPECT_EQ(plain_line("\nx"), "");
}

TEST(PlainText, CleansEachOfSeveralLines) {
  EXPECT_EQ(plain_lines("one\x1b[2J\ntwo\a\n"), "one[2J\ntwo\n");
  EXPECT_EQ(plain_lines(""), "");
}

TEST(PlainText, KeepsLettersOfAllLanguages) {
  EXPECT_EQ(plain_line("h\u00e9 \u2014 \u65e5\u672c \U0001F680"),
            "h\u00e9 \u2014 \u65e5\u672c \U0001F680");
  EXPECT_EQ(plain_line("a\tb"), "a b");
}

TEST(PlainText, LeavesOutWhatSteersATerminal) {
  EXPECT_EQ(plain_line("a\x1b[31mb\a\x7f"), "a[31mb");
  EXPECT_EQ(plain_line("a\u009b31mb\u0085"), "a31mb");
  EXPECT_EQ(plain_line("a\u202egpj\u2066x"), "agpjx");
  EXPECT_EQ(plain_line("a\u200e\u200f\u061cb"), "ab");
  EXPECT_EQ(plain_line(std::string("a\0b", 3)), "ab");
}

TEST(PlainText, LetsNoCharacterAriseFromWhatIsLeft) {
  EXPECT_EQ(plain_line("\xC2\x01\x9B"
                       "31m"),
            "\uFFFD\uFFFD"
            "31m");
  EXPECT_EQ(plain_line("\xE2\x7F\x80\x01\xAE"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(plain_line("\x9B"
                       "2J"),
            "\uFFFD2J");
  EXPECT_EQ(plain_line("\xE2\xC2\x85\x80\xAE"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(plain_line("cut \xC2"), "cut \uFFFD");
}

TEST(PlainText, KeepsEscapeSequencesWhereTheyAreWantedAndNothingElse) {
  EXPECT_EQ(without_harmful_characters("\x1b[1mh\u00e9\u009b\u202e!"), "\x1b[1mh\u00e9!");
  EXPECT_EQ(without_harmful_characters("\xC2\u202e\x9B"
                                       "2J"),
            "\uFFFD\uFFFD2J");
  EXPECT_EQ(without_harmful_characters("\x9B"
                                       "2J"),
            "\uFFFD2J");
}

TEST(EscapedText, WritesAsJsonDoesWhatSteersATerminal) {
  EXPECT_EQ(escaped_text("\"a\u009bb\u0085\x7f\u2066\""), "\"a\\u009bb\\u0085\\u007f\\u2066\"");
}

TEST(EscapedText, KeepsAllElse) {
  for (const std::string_view text : {"", "a\tb\n\x1b[1mc", "h\u00e9 \u65e5 \U0001F680"}) {
    EXPECT_EQ(escaped_text(text), text);
  }
  EXPECT_EQ(escaped_text("a\x9B"), "a\uFFFD");
  EXPECT_EQ(escaped_text(std::string_view("a\0b", 3)), std::string_view("a\0b", 3));
}

}  // namespace
}  // namespace ostler::console
