// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace ostler::process {

/// A handle of a process that never comes to mean another one. Errors: NotFound.
Result<UniqueFd> open_pidfd(pid_t pid);
/// Whether the process was there to be signalled.
bool signal_pidfd(int pidfd, int signal);

}  // namespace ostler::process
