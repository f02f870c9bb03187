// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdio>

#include "cli/exit.hpp"
#include "cli/options.hpp"
#include "cli/run_functions.hpp"

namespace ostler::cli {

int run_version(const Arguments& arguments) {
  CLI::App app("Prints the version", "version");
  app.footer("Example:\n  ostler version");
  if (const auto ended = read_options(app, arguments)) return *ended;
  std::puts(speaks_as_the_genuine_agent() ? "buildkite-agent version " OSTLER_VERSION "+ostler"
                                          : "ostler version " OSTLER_VERSION);
  return kExitOk;
}

}  // namespace ostler::cli
