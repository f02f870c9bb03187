// SPDX-License-Identifier: Apache-2.0
#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace ostler::assertion {

void fail(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "ostler: broken invariant: %s (%s:%d)\n", expression, file, line);
  std::abort();
}

}  // namespace ostler::assertion
