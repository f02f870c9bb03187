// SPDX-License-Identifier: Apache-2.0
#include "console/plain_text.hpp"

#include <gtest/gtest.h>

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
  EXPECT_EQ(plain_line("cut \xC2"), "cut \xC2");
}

}  // namespace
}  // namespace ostler::console
