// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "cli/exit.hpp"
#include "cli/run_functions.hpp"

namespace ostler::cli {

int run_version(const Arguments&) {
  std::puts(speaks_as_the_genuine_agent() ? "buildkite-agent version " OSTLER_VERSION "+ostler"
                                          : "ostler version " OSTLER_VERSION);
  return kExitOk;
}

}  // namespace ostler::cli
