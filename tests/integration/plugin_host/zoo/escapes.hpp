// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace zoo {

/// Tries each way around the confinement, on a file that the plugin may only read; names those that
/// worked.
std::string escapes_that_worked(const std::string& file);

/// Does what plugins ordinarily do in a directory of theirs; names what did not work.
std::string work_that_failed(const std::string& directory);

/// Tries the network: a Unix socket at a path, a TCP port of this machine, the name of a host.
std::string reached(const std::string& unix_path, int port);

}  // namespace zoo
