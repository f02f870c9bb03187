// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ostler::assertion {

/// Writes the broken invariant to standard error and aborts.
[[noreturn]] void fail(const char* expression, const char* file, int line);

}  // namespace ostler::assertion

/// Ends the process when an invariant of ours is broken, in every build type.
#define OSTLER_ASSERT(expression)                       \
  (static_cast<bool>(expression) ? static_cast<void>(0) \
                                 : ::ostler::assertion::fail(#expression, __FILE__, __LINE__))
