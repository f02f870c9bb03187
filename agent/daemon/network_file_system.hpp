// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace ostler::daemon {

/// The name of the network file system that `path` lies on, such as "nfs"; empty when it is none.
/// Locks and renames there do not keep what we need them to.
Result<std::string> network_file_system_of(const std::filesystem::path& path);

}  // namespace ostler::daemon
