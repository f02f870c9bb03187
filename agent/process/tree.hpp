// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "process/cgroup.hpp"
#include "process/exit_status.hpp"

namespace ostler::process {

/// A child that ended.
struct Reaped {
  pid_t pid = -1;
  ExitStatus status;
};

/// Reaps the children that have ended, those of dead descendants included when this process is a
/// subreaper.
std::vector<Reaped> reap_ended();

/// The children of this process that were not reaped yet.
std::vector<pid_t> own_children();

/// What is left of a process tree.
struct TreeEnd {
  std::vector<Reaped> reaped;
  std::vector<pid_t> left;  ///< empty: proven that no process is left
};

/// Kills every descendant of this process (and of `group`, when there is one) and reaps until none
/// is left or the time is over. Requires: this process is a subreaper, has one thread, and blocks
/// SIGCHLD.
TreeEnd kill_descendants(const Cgroup* group, std::chrono::milliseconds timeout);

}  // namespace ostler::process
