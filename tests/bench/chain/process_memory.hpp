// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace ostler::bench {

struct ProcessMemory {
  double rss_kib = 0;
  double private_dirty_kib = 0;
};

/// From /proc/<pid>/smaps_rollup; zeros when the process is gone.
ProcessMemory memory_of(pid_t pid);

/// Processes whose command line holds every one of `texts`.
std::vector<pid_t> processes_with(const std::vector<std::string>& texts);

}  // namespace ostler::bench
