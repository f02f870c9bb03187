// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.hpp"

namespace ostler::files {

/// The room on the file system of a path.
struct DiskSpace {
  std::int64_t total = 0;      ///< bytes
  std::int64_t available = 0;  ///< bytes that a user other than root may still write
};

/// Errors: those of the file system, with the path.
Result<DiskSpace> disk_space(const std::filesystem::path& path);

}  // namespace ostler::files
