// SPDX-License-Identifier: Apache-2.0
#include "console/terminal.hpp"

#include <gtest/gtest.h>

namespace ostler::console {
namespace {

TEST(Terminal, LeavesTextPlainWithoutColours) {
  EXPECT_EQ(Terminal(false).styled("x", Style::Bad), "x");
  EXPECT_EQ(Terminal(true).styled("x", Style::Bad), "\x1b[31mx\x1b[0m");
  EXPECT_EQ(Terminal(true).styled("x", Style::Plain), "x");
}

TEST(Terminal, HasNoColoursOnAPipe) {
  testing::internal::CaptureStdout();
  EXPECT_FALSE(Terminal::of_standard_output().has_colours());
  testing::internal::GetCapturedStdout();
}

}  // namespace
}  // namespace ostler::console
