// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <string>

#include "cli/commands.hpp"
#include "cli/exit.hpp"

int main(int argc, char** argv) {
  try {
    if (argc > 0) ostler::cli::speak_as(argv[0]);
    return ostler::cli::run_command({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    return ostler::cli::fail(std::string("internal error: ") + error.what());
  } catch (...) {
    return ostler::cli::fail("internal error: unknown exception");
  }
}
