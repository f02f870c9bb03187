// SPDX-License-Identifier: Apache-2.0
#include "log/lines.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ostler::log {
namespace {

TEST(Lines, HaveTheFormsThatViewersMatchOn) {
  EXPECT_EQ(section("Running commands"), "~~~ Running commands");
  EXPECT_EQ(comment("text"), "\x1b[90m# text\x1b[0m");
  EXPECT_EQ(prompt("make all"), "\x1b[90m$\x1b[0m make all");
  EXPECT_EQ(error("it broke"), "\x1b[31m🚨 Error: it broke\x1b[0m\n^^^ +++");
  EXPECT_EQ(warning("careful"), "\x1b[33m⚠️ Warning: careful\x1b[0m\n^^^ +++");
}

TEST(Lines, QuoteOnlyWhatAShellWouldSplitOrExpand) {
  EXPECT_EQ(quoted(std::vector<std::string>{"ls", "-l", "/a/b"}), "ls -l /a/b");
  EXPECT_EQ(quoted(std::vector<std::string>{"echo", "a b", "", "$x\"y`"}),
            R"(echo "a b" "" "\$x\"y\`")");
}

}  // namespace
}  // namespace ostler::log
