// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

// What a plugin does to the process that runs it, and leaves behind.
namespace zoo {

/// Tries each way to read memory of the process that has started the box: `place` is an address
/// and a size. Tells what was read.
std::string read_from_host(const std::string& place);

/// Leaves threads that run on, and descriptors that are open; tells how many.
std::string leave_threads_and_descriptors();

}  // namespace zoo
