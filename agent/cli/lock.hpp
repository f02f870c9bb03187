// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

// Locks between the jobs of one machine, kept by its agent. Source: job-lifecycle 8.2, appendix B.
namespace ostler::cli {

/// Waits for a lock and prints the token that releases it.
int lock_acquire(const Arguments& arguments);
int lock_release(const Arguments& arguments);
/// Prints `do` to the one that shall do the work, and `done` to the others once it is done.
int lock_do(const Arguments& arguments);
int lock_done(const Arguments& arguments);
int lock_get(const Arguments& arguments);

}  // namespace ostler::cli
