// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
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

/// `status`, unless the command did well and what it printed was lost, as on a full disk.
int status_with_output(int status) {
  errno = 0;
  int fault = console::output_fault();
  if (!std::cout.flush() && fault == 0 && errno != EPIPE) fault = errno;
  if (status != kExitOk || fault == 0) return status;
  return fail(std::string("cannot write to standard output: ") + std::strerror(fault));
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
