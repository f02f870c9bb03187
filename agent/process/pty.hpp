// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace ostler::process {

/// A pseudo terminal. The child gets `terminal` as 0, 1 and 2 with Group::NewTerminal; the parent
/// closes it then and reads `controller` until EIO, which is how a terminal ends.
struct Pty {
  UniqueFd controller;  ///< non-blocking
  UniqueFd terminal;
};

/// Errors: Unavailable when the system has no more terminals.
Result<Pty> open_pty(int rows = 100, int columns = 160);

}  // namespace ostler::process
