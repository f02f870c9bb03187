// SPDX-License-Identifier: Apache-2.0
#include "console/terminal.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <string>

#include "base/unique_fd.hpp"

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

TEST(Terminal, KnowsOnceALineIsNotReadThatItHasNoReader) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe2(pipe.data(), O_CLOEXEC), 0);
  UniqueFd reads(pipe[0]);
  const UniqueFd writes(pipe[1]);
  const UniqueFd before(::dup(STDOUT_FILENO));
  ::fflush(stdout);
  ASSERT_EQ(::dup2(writes.get(), STDOUT_FILENO), STDOUT_FILENO);
  std::signal(SIGPIPE, SIG_IGN);
  Terminal terminal(false);
  terminal.print_line("read");
  const bool had_reader = terminal.has_reader();
  reads.reset();
  terminal.print_line("unread");
  ASSERT_EQ(::dup2(before.get(), STDOUT_FILENO), STDOUT_FILENO);
  EXPECT_TRUE(had_reader);
  EXPECT_FALSE(terminal.has_reader());
  EXPECT_EQ(output_fault(), 0) << "who leaves a pipe is no fault";
}

TEST(Terminal, ShowsJsonOfOthersSoThatItSteersNothing) {
  int controller = -1;
  int terminal = -1;
  ASSERT_EQ(::openpty(&controller, &terminal, nullptr, nullptr, nullptr), 0);
  const UniqueFd reads(controller);
  UniqueFd shows(terminal);
  const UniqueFd before(::dup(STDOUT_FILENO));
  ::fflush(stdout);
  ASSERT_EQ(::dup2(shows.get(), STDOUT_FILENO), STDOUT_FILENO);
  Terminal(true).print_line("{\"a\":\"\u009b31m\u202e\"} \x1b[1m\u65e5");
  ASSERT_EQ(::dup2(before.get(), STDOUT_FILENO), STDOUT_FILENO);
  std::string shown;  // a terminal hands a line on in pieces
  for (char next = 0; next != '\n'; shown += next) ASSERT_EQ(::read(reads.get(), &next, 1), 1);
  EXPECT_EQ(shown, "{\"a\":\"\\u009b31m\\u202e\"} \x1b[1m\u65e5\r\n");
}

}  // namespace
}  // namespace ostler::console
