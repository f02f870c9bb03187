// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>

namespace ostler::bench {

/// For co_spawn: a figure that something failed in is none.
inline void end_on_failure(const std::exception_ptr& failure) {
  if (failure) std::rethrow_exception(failure);
}

}  // namespace ostler::bench
