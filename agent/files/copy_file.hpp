// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.hpp"

namespace ostler::files {

/// Copies the first `size` bytes of a file to a new file of mode 0600, sharing the blocks where the
/// file system can. Not yet safe from a crash of the machine.
/// Errors: NotFound; Corrupt when the file has fewer bytes; Conflict when `to` exists; Unavailable
/// when the disk is full. A copy that failed is removed.
Result<void> copy_file(const std::filesystem::path& from, const std::filesystem::path& to,
                       std::int64_t size);

}  // namespace ostler::files
