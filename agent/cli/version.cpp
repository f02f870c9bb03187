// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "cli/run_functions.hpp"

namespace ostler::cli {

int run_version(const Arguments&) {
  std::puts("ostler version " OSTLER_VERSION);
  return kExitOk;
}

}  // namespace ostler::cli
