// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "redact/needle_set.hpp"

namespace ostler::redact {
namespace {

TEST(GoQuoted, LeavesPrintableTextAlone) {
  EXPECT_EQ(go_quoted("plain 'text' $HOME"), "plain 'text' $HOME");
  EXPECT_EQ(go_quoted("größe 漢字 🚨"), "größe 漢字 🚨");
}

TEST(GoQuoted, EscapesQuotesBackslashesAndControls) {
  EXPECT_EQ(go_quoted("a\"b\\c"), "a\\\"b\\\\c");
  EXPECT_EQ(go_quoted("\a\b\f\n\r\t\v"), "\\a\\b\\f\\n\\r\\t\\v");
  EXPECT_EQ(go_quoted(std::string("\0\x1b\x7f", 3)), "\\x00\\x1b\\x7f");
}

TEST(GoQuoted, EscapesBytesThatAreNoUtf8) {
  EXPECT_EQ(go_quoted("\xff"), "\\xff");
  EXPECT_EQ(go_quoted("a\xc3"), "a\\xc3");
  EXPECT_EQ(go_quoted("\xc0\x80"), "\\xc0\\x80");
  EXPECT_EQ(go_quoted("\xed\xa0\x80"), "\\xed\\xa0\\x80");
}

TEST(GoQuoted, EscapesUnprintableRunes) {
  EXPECT_EQ(go_quoted("\u00a0"), "\\u00a0");
  EXPECT_EQ(go_quoted("\ufeff"), "\\ufeff");
  EXPECT_EQ(go_quoted("\U000f0000"), "\\U000f0000");
}

}  // namespace
}  // namespace ostler::redact
