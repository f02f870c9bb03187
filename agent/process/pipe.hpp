// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace ostler::process {

/// Between us and a child.
struct Pipe {
  UniqueFd ours;    ///< non-blocking
  UniqueFd theirs;  ///< blocking, as programs expect it
};

enum class Ours { Reads, Writes };

/// Both ends close-on-exec.
Result<Pipe> make_pipe(Ours ours);

}  // namespace ostler::process
