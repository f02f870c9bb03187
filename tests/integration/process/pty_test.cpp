// SPDX-License-Identifier: Apache-2.0
#include "process/pty.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <array>

#include "process/spawn.hpp"

namespace ostler::process {
namespace {

std::string read_to_end(int controller) {
  std::string text;
  std::array<char, 4096> piece;
  for (;;) {
    pollfd entry{controller, POLLIN, 0};
    if (::poll(&entry, 1, 30'000) <= 0) return text + "<no end>";
    const ssize_t got = ::read(controller, piece.data(), piece.size());
    if (got <= 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
}

TEST(Pty, IsTheControllingTerminalOfItsChildAndHasItsSize) {
  Pty pty = open_pty().value();
  const int terminal = pty.terminal.get();
  SpawnOptions options{.executable = "/bin/sh",
                       .arguments = {"sh", "-c", "stty size; echo here >/dev/tty"}};
  options.fds = {{terminal, 0}, {terminal, 1}, {terminal, 2}};
  options.group = Group::NewTerminal;
  auto child = spawn(options).value();
  pty.terminal.reset();
  EXPECT_EQ(read_to_end(pty.controller.get()), "100 160\r\nhere\r\n");
  EXPECT_EQ(child.wait(std::chrono::seconds(30)).value(), ExitStatus(Exited{0}));
}

}  // namespace
}  // namespace ostler::process
