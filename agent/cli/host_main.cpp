// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <string>

#include "cli/command.hpp"
#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "console/terminal.hpp"

namespace ostler::cli {
namespace {

/// Whether standard output is a pipe that nobody reads any more.
bool is_closed_pipe() {
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

/// `status`, unless the command did well and what it printed was lost, as on a full disk.
int status_with_output(int status) {
  errno = 0;
  const bool is_kept = std::cout.flush() && std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  const int fault = console::output_fault() != 0 ? console::output_fault() : errno;
  const bool is_lost = !is_kept || console::output_fault() != 0;
  if (status != kExitOk || !is_lost || is_closed_pipe()) return status;
  return fail(std::string("standard output: ") +
              (fault == 0 ? "not all of it could be written" : std::strerror(fault)));
}

}  // namespace
}  // namespace ostler::cli

int main(int argc, char** argv) {
  try {
    if (argc > 0) ostler::cli::speak_as(argv[0]);
    return ostler::cli::status_with_output(ostler::cli::run_command({argv + 1, argv + argc}));
  } catch (const std::exception& error) {
    return ostler::cli::fail(std::string("internal error: ") + error.what());
  } catch (...) {
    return ostler::cli::fail("internal error: unknown exception");
  }
}
