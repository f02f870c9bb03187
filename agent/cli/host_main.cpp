// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <exception>
#include <iostream>
#include <string>

#include "cli/commands.hpp"
#include "cli/exit.hpp"
#include "console/terminal.hpp"

namespace {

ostler::cli::LostOutput lost_output() {
  const int fault = ostler::console::output_fault();
  if (fault != 0) return {true, fault};
  errno = 0;
  const bool is_lost = !std::cout.flush();
  return {is_lost, errno};
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc > 0) ostler::cli::speak_as(argv[0]);
    const int status = ostler::cli::run_command({argv + 1, argv + argc});
    return ostler::cli::status_with_output(status, lost_output());
  } catch (const std::exception& error) {
    return ostler::cli::fail(std::string("internal error: ") + error.what());
  } catch (...) {
    return ostler::cli::fail("internal error: unknown exception");
  }
}
